#!/usr/bin/env bash
# Ends a program that saves over the same paths by `kill -9` at random moments, again and again, and shows after each that every file
# loads and is whole, and that nothing else is left in the folder after the next save: tests/kill-saving.sh [TIMES]
# It does so with files that have no name until they are whole, and as on systems that lack them, half of the times each.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1
times=${1:-20}

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
dotnet build tests/Kill/Saving.cs --nologo --verbosity quiet --output "$work/program"

broken() { echo "$1" >&2; cat "$work/out" "$work/errors" >&2; exit 1; }

for mode in unnamed named; do
    folder=$work/$mode
    mkdir "$folder"
    left=0
    # Once more, to look at what the last one left.
    for ((killed = 0; killed <= times / 2; killed++)); do
        : >"$work/out"
        # Not a function, whose shell would be what is ended.
        "$work/program/Saving" "$folder" $([[ $mode == unnamed ]] || echo named) >>"$work/out" 2>"$work/errors" &
        until grep -q '^saving$' "$work/out"; do
            kill -0 $! 2>/dev/null || broken "it ended by itself after $killed times"
            sleep 0.02
        done
        sleep "$(awk -v seed=$RANDOM 'BEGIN { srand(seed); printf "%.4f", rand() * 0.2 }')"
        kill -9 $!
        wait $! 2>/dev/null || true
        [[ $(head -1 "$work/out") == "0 left" ]] || left=$((left + 1))
    done
    echo "$mode: ended $((killed - 1)) times, every file whole; temporary files until the next save: $left times"
done
