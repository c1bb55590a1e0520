#!/usr/bin/env bash
# Ends a training by `kill -9` at random moments, again and again, and shows that the run that goes on from its last file ends with
# the weights of the run that nobody ended: tests/kill.sh [TIMES] [EPOCHS]
# It does so with all that a run can have (a schedule, averages, accumulation, clipping, dropout, augmentation), and with the classifier
# of the digits as the demo trains it.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1
times=${1:-10} epochs=${2:-40}

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
dotnet build samples/Resumed.cs --nologo --verbosity quiet --output "$folder/program"

for mode in all plain; do
    run() { "$folder/program/Resumed" "$folder/$1.safetensors" $epochs $mode; }
    rm -f "$folder"/*.safetensors

    begin=$(date +%s%N)
    whole=$(run whole)
    took=$((($(date +%s%N) - begin) / 1000000))
    echo "$mode, whole:   $whole, in $took ms"

    killed=0 within=0
    while ((killed < times)); do
        : >"$folder/out"
        # Not a function, whose shell would be what is ended.
        "$folder/program/Resumed" "$folder/part.safetensors" $epochs $mode >"$folder/out" &
        sleep "$(awk -v took=$took -v seed=$RANDOM 'BEGIN { srand(seed); printf "%.3f", rand() * took / 1000 }')"
        if kill -9 $! 2>/dev/null; then
            killed=$((killed + 1))
            [[ ! -e $folder/part.safetensors ]] || within=$((within + 1))
        fi
        wait $! 2>/dev/null || true
        # It got to the end: from the start again.
        [[ ! -s $folder/out ]] || {
            [[ $(<"$folder/out") == "$whole" ]] || { echo "differs: $(<"$folder/out")" >&2; exit 1; }
            rm -f "$folder/part.safetensors"
        }
    done

    part=$(run part)
    echo "$mode, resumed: $part, ended $killed times, $within of them with a file to go on from"
    [[ $part == "$whole" ]] || { echo "the weights differ" >&2; exit 1; }
    left=$(find "$folder" -maxdepth 1 -name '.deeplay-*' | wc -l)
    echo "$left temporary files left"
    ((left == 0))
done
