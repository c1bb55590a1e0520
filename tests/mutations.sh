#!/usr/bin/env bash
# Breaks one rule of the core at a time and shows that some property fails: tests/mutations.sh [NAME…]
#
# Each file of tests/mutations holds the rule it breaks, the file of src/Deeplay.Core.fs it changes, and a script for
# `sed -z`. The sources are changed in a temporary copy. One line for each mutation; fails where one survives, no
# longer applies or does not build. DEEPLAY_CASES says how many cases each law is tried on, where few did not do.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 DEEPLAY_SHRINK=0
cases=${DEEPLAY_CASES:-1500} few=30

copy=$(mktemp -d)
trap 'rm -rf "$copy"' EXIT
core=$copy/src/Deeplay.Core.fs
tests=$copy/artifacts/bin/Properties/debug/Properties

# What the laws of the core alone need; `CoreOnly` leaves out those that build torch modules.
cd "$root"
cp -r --parents Directory.Build.* src/Directory.Build.props src/Deeplay.Core.fs src/Deeplay.FSharp/Module.fs tests/Directory.Build.props tests/Properties tests/Shared \
    paket.dependencies paket.lock .paket .config "$copy"
cd "$copy"

build() { dotnet build tests/Properties -v q -p:CoreOnly=true "$@" >build.log 2>&1; }

# laws CASES: runs the laws; gives how many failed and the name of the first, or nothing where all hold.
laws() {
    local code=0 failed first
    DEEPLAY_CASES=$1 timeout 600 "$tests" --colours 0 >run.log 2>&1 || code=$?
    failed=$(sed -nE 's/.* passed, .* ignored, (.*) failed, (.*) errored.*/\1 + \2/p' run.log | tail -n 1)
    failed=$((failed))
    first=$(sed -nE 's/^\S*\[[0-9:]+ ERR\] (.*) (failed|errored) in .*/\1/p' run.log | head -n 1)
    if ((code == 124)); then
        echo "$failed, ${first:-a run that does not end}"
    elif ((code != 0)); then
        echo "$failed, ${first:-a run that ends early}"
    fi
}

build || { cat build.log >&2; echo "the sources do not build" >&2; exit 1; }
before=$(laws "$cases")
[[ -n $before ]] || before=$(laws $few)
[[ -z $before ]] || { echo "a law fails without any mutation: $before" >&2; exit 1; }

names=("$@")
if (($# == 0)); then
    for script in "$root"/tests/mutations/*.sed; do names+=("$(basename "$script" .sed)"); done
fi

bad=0
for name in "${names[@]}"; do
    script=$root/tests/mutations/$name.sed
    file=$core/$(sed -n '2s/^# //p' "$script")
    cp -p "$file" original
    sed -z -f "$script" original >"$file"
    if cmp -s original "$file"; then
        verdict="DOES NOT APPLY"
    elif ! build --no-restore; then
        verdict="DOES NOT BUILD: $(grep -m 1 -oE 'error FS.*' build.log | sed 's/ \[.*//')"
    else
        caught=$(laws $few)
        [[ -n $caught ]] || caught=$(laws "$cases")
        verdict=${caught:+caught-by $caught}
    fi
    [[ ${verdict:=SURVIVED} == caught-by* ]] || bad=$((bad + 1))
    echo "$name  $verdict"
    cp original "$file"
done

echo "${#names[@]} mutations, $((${#names[@]} - bad)) caught"
((bad == 0))
