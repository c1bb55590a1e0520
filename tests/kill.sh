#!/usr/bin/env bash
# Ends a training by `kill -9` at random moments, again and again, and shows that the run that goes on from its last file ends with
# the weights of the run that nobody ended: tests/kill.sh [TIMES]
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1
times=${1:-10} epochs=40

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
dotnet build samples/Resumed.cs --nologo --verbosity quiet --output "$folder/program"
run() { "$folder/program/Resumed" "$@"; }

begin=$(date +%s%N)
whole=$(run "$folder/whole.safetensors" $epochs)
took=$((($(date +%s%N) - begin) / 1000000))
echo "whole:   $whole, in $took ms"

killed=0
while ((killed < times)); do
    # Not a function, whose shell would be what is ended.
    "$folder/program/Resumed" "$folder/part.safetensors" $epochs >"$folder/out" &
    sleep "$(awk -v took=$took -v seed=$RANDOM 'BEGIN { srand(seed); printf "%.3f", rand() * took / 1000 }')"
    if kill -9 $! 2>/dev/null; then
        killed=$((killed + 1))
    fi
    wait $! 2>/dev/null || true
    # It got to the end: from the start again.
    [[ ! -s $folder/out ]] || {
        [[ $(<"$folder/out") == "$whole" ]] || { echo "differs: $(<"$folder/out")" >&2; exit 1; }
        rm -f "$folder/part.safetensors"
    }
done

part=$(run "$folder/part.safetensors" $epochs)
echo "resumed: $part, ended $killed times"
[[ $part == "$whole" ]] || { echo "the weights differ" >&2; exit 1; }
left=$(find "$folder" -maxdepth 1 -name '.deeplay-*' | wc -l)
echo "$left temporary files left"
((left == 0))
