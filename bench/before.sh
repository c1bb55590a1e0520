#!/usr/bin/env bash
# Constructing now against constructing at an earlier commit, in one run: bench/before.sh [COMMIT]
#
# The core and the library of both are compiled with the same probe (bench/before/Probe.fs), for release, and run in
# turn. Prints `name value bound ok|short` as the other figures of `bench`; fails where one falls short.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1

# The last commit before the core was redesigned.
commit=${1:-58f5ad2}
git -C "$root" cat-file -e "$commit^{commit}" 2>/dev/null || {
    echo "bench/before.sh: this clone has no commit $commit" >&2
    exit 2
}

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# compile NAME: the sources in $work/NAME/src as one program.
compile() {
    local at=$work/$1 project
    cp "$root/bench/before/Probe.fs" "$at"
    # Commits before the library had a namespace of its own.
    printf 'namespace Deeplay.Library\n\nmodule internal Nothing =\n    let here = ()\n' >"$at/Namespace.fs"
    {
        echo '<Project Sdk="Microsoft.NET.Sdk"><PropertyGroup><OutputType>Exe</OutputType>'
        echo '<TargetFramework>net10.0</TargetFramework><AssemblyName>Probe</AssemblyName><NoWarn>$(NoWarn);NU1507</NoWarn>'
        echo '<EnableDefaultCompileItems>false</EnableDefaultCompileItems></PropertyGroup><ItemGroup>'
        for project in Deeplay.Core.fs/Deeplay.Core Deeplay.Library/Deeplay.Library; do
            sed -nE "s|.*<Compile Include=\"([^\"]*)\".*|<Compile Include=\"src/${project%/*}/\1\" />|p" "$at/src/$project.fsproj"
        done
        echo '<Compile Include="Namespace.fs" /><Compile Include="Probe.fs" /></ItemGroup></Project>'
    } >"$at/Probe.fsproj"
    dotnet build "$at/Probe.fsproj" --configuration Release --output "$at/out" --verbosity quiet >"$at/log" 2>&1 || {
        cat "$at/log" >&2
        exit 2
    }
}

mkdir "$work/now" "$work/then"
cp -r "$root/src" "$work/now"
find "$work/now" -name obj -type d -prune -exec rm -rf {} +
git -C "$root" archive "$commit" src | tar -x -C "$work/then"
compile now
compile then

for round in 1 2 3 4 5; do
    for name in now then; do "$work/$name/out/Probe" >>"$work/$name.txt"; done
done

# figure NAME COLUMN: the ratio of the medians.
figure() {
    local column=$2
    middle() { cut -d ' ' -f "$column" "$work/$1.txt" | sort -g | sed -n 3p; }
    awk -v name="$1" -v now="$(middle now)" -v before="$(middle then)" \
        'BEGIN { ratio = now / before; short = ratio > 1; print name, sprintf("%.4g", ratio), 1, (short ? "short" : "ok"); exit short }'
}

code=0
figure construct_time_over_before 1 || code=1
figure construct_allocated_over_before 2 || code=1
exit $code
