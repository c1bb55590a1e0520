#!/usr/bin/env bash
# The packages as their users take them: packages.sh REPORT
#
# Packs for release, as `./build.sh pack` does: users run optimized code, which no other test does. Makes programs outside
# the repository that add the packages from a local feed, and runs them. Writes a report in JUnit's format. All other
# packages come from the package folder, or where it lacks one from the machine's own sources; nothing is added to that
# folder.
set -euo pipefail
report=$(realpath "$1")
cd "$(dirname "${BASH_SOURCE[0]}")/.."
root=$PWD
export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1
case ${TorchNatives:-cpu} in
    cpu) natives=TorchSharp-cpu ;;
    cuda) natives=TorchSharp-cuda-linux ;;
esac
version=$(sed -nE 's|.*<Version>(.*)</Version>.*|\1|p' Directory.Build.props)
torch=0.107.0 skia=3.119.4
missing="no native libtorch: add TorchSharp-cpu or TorchSharp-cuda-linux to this project"
address=https://example.org/deeplay.git

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
feed=$work/feed

main() {
    check packing
    lend_packages
    check csharp
    check fsharp
    check script
    check no_natives
    check both_faces
    check pictures_csharp
    check pictures_script
    check images
    check contents
    { echo '<testsuite name="packages">'; cat "$work/cases"; echo '</testsuite>'; } >"$report"
    ! grep -q "<failure" "$report"
}

# check NAME: runs the function of that name in a folder of its own. Shows what it printed only if it failed.
check() {
    local log=$work/$1.log start=$SECONDS verdict=passed
    mkdir "$work/$1"
    # A process of its own, for within a condition `set -e` has no effect.
    (cd "$work/$1" && "$1") >"$log" 2>&1 &
    wait $! || verdict=FAILED
    echo "$verdict  $1 ($((SECONDS - start)) s)"
    if [[ $verdict == passed ]]; then
        echo "<testcase name=\"$1\"/>"
    else
        sed 's/^/    /' "$log" >&2
        echo "<testcase name=\"$1\"><failure/></testcase>"
    fi >>"$work/cases"
}

# same EXPECTED FOUND: fails where they differ.
same() { diff <(echo "$1") <(echo "$2"); }

packing() {
    cd "$root"
    local project
    for project in src/*/*.*proj; do
        RepositoryUrl=$address dotnet pack "$project" --configuration Release --output "$feed" --nologo -warnaserror
    done
    same "$(printf '%s\n' "Deeplay"{,.Core,.FSharp,.Images,.Library,.Plots,.Plots.CSharp,.Torch}".$version.nupkg" | sort)" "$(ls "$feed" | sort)"
}

# From here on the package folder is one of our own, which falls back on the machine's.
lend_packages() {
    local package
    mkdir "$work/lent"
    for package in "${NUGET_PACKAGES:-$HOME/.nuget/packages}"/*/; do
        [[ $(basename "$package") == deeplay* ]] || ln -s "$package" "$work/lent"
    done
    export NUGET_PACKAGES=$work/packages NUGET_FALLBACK_PACKAGES=$work/lent
    # Half a gigabyte of natives for each program: links, where the file system has them.
    export CreateHardLinksForCopyLocalIfPossible=true
    cat >"$work/nuget.config" <<EOF
<configuration><packageSources><add key="feed" value="$feed" /></packageSources></configuration>
EOF
}

# ---- programs ------------------------------------------------------------------------------------------

# program LANGUAGE FILE PACKAGE VERSION …: makes a console program with this source and builds it. A warning fails.
program() {
    local language=$1 file=$2
    shift 2
    dotnet new console --language "$language" --name Program --output . --no-restore --no-update-check
    cp "$root/tests/Packages/$file" "Program.${file##*.}"
    while (($# > 0)); do
        dotnet add package "$1" --version "$2" --no-restore
        shift 2
    done
    dotnet build --nologo -warnaserror -p:NuGetAudit=false
}

# prints LINES COMMAND…: fails unless the command prints just these, on either stream, and ends well.
prints() {
    local expected=$1
    shift
    "$@" >printed 2>&1 || { cat printed; return 1; }
    same "$expected" "$(<printed)"
}

learned="TorchSharp $torch, libtorch 2.10.0.0
learned: True
restored: True"

csharp() {
    program "C#" csharp.cs Deeplay "$version" $natives $torch
    prints "$learned" bin/Debug/net10.0/Program
}

fsharp() {
    program "F#" fsharp.fs Deeplay.FSharp "$version" $natives $torch
    prints "$learned" bin/Debug/net10.0/Program
}

script() {
    cat - "$root/tests/Packages/fsharp.fs" >script.fsx <<EOF
#i "nuget: $feed"
#r "nuget: Deeplay.FSharp, $version"
#r "nuget: $natives, $torch"
EOF
    prints "$learned" dotnet fsi script.fsx
}

no_natives() {
    program "C#" no-natives.cs Deeplay "$version"
    prints "(8, 3)
$missing" bin/Debug/net10.0/Program
}

both_faces() {
    program "F#" both.fs Deeplay "$version" Deeplay.FSharp "$version"
    prints "same: True" bin/Debug/net10.0/Program
}

pictures_csharp() {
    program "C#" pictures.cs Deeplay.Plots.CSharp "$version" $natives $torch
    prints "drawn: True" bin/Debug/net10.0/Program
}

pictures_script() {
    cat - "$root/tests/Packages/pictures.fs" >script.fsx <<EOF
#i "nuget: $feed"
#r "nuget: Deeplay.FSharp, $version"
#r "nuget: Deeplay.Plots, $version"
EOF
    prints "drawn: True" dotnet fsi script.fsx
}

images() {
    program "C#" images.cs Deeplay "$version" Deeplay.Images "$version" $natives $torch
    prints "(3, 4, 5) from 0 to 1" bin/Debug/net10.0/Program
}

# ---- what is in the packages ---------------------------------------------------------------------------

contents() {
    depends Deeplay "Deeplay.Torch $version"
    depends Deeplay.Core "FSharp.Core 6.0.0"
    depends Deeplay.FSharp "Deeplay.Torch $version" "FSharp.Core 6.0.0"
    depends Deeplay.Images "Deeplay.Torch $version" "FSharp.Core 6.0.0" "SkiaSharp $skia" \
        "SkiaSharp.NativeAssets.Linux.NoDependencies $skia" "TorchSharp $torch"
    depends Deeplay.Library "Deeplay.Core $version" "FSharp.Core 6.0.0"
    depends Deeplay.Plots "Deeplay.Torch $version" "FSharp.Core 6.0.0" "ScottPlot $(pinned ScottPlot)" \
        "SkiaSharp $(pinned SkiaSharp)" \
        "SkiaSharp.NativeAssets.Linux.NoDependencies $(pinned SkiaSharp.NativeAssets.Linux.NoDependencies)"
    depends Deeplay.Plots.CSharp "Deeplay $version" "Deeplay.Plots $version"
    depends Deeplay.Torch "Deeplay.Library $version" "FSharp.Core 6.0.0" "Sep $(pinned Sep)" \
        "Spectre.Console $(pinned Spectre.Console)" "TorchSharp $torch"
    [[ -f $NUGET_PACKAGES/deeplay.torch/$version/buildTransitive/Deeplay.Torch.props ]]
}

# pinned PACKAGE: the lowest version that paket.dependencies takes.
pinned() { sed -nE "s/^nuget $1 >= (.*)/\1/p" "$root/paket.dependencies"; }

# depends PACKAGE DEPENDENCY…: these it has, no other, and all that every package carries.
depends() {
    local id=${1,,} folder commit
    folder=$NUGET_PACKAGES/$id/$version
    commit=$(git -C "$root" rev-parse HEAD)
    shift
    same "$(printf '%s\n' "$@")" "$(sed -nE 's/.*<dependency id="([^"]*)" version="([^"]*)".*/\1 \2/p' "$folder/$id.nuspec")"
    cat "$folder/$id.nuspec"
    grep -F '<license type="expression">MIT</license>' "$folder/$id.nuspec"
    grep -F '<readme>README.md</readme>' "$folder/$id.nuspec"
    grep -E "<repository type=\"git\" url=\"$address\" .*commit=\"$commit\"" "$folder/$id.nuspec"
    cmp "$root/README.md" "$folder/README.md"
    cmp "$root/LICENSE" "$folder/LICENSE"
    ls "$folder"/lib/net10.0/Deeplay.*.xml
}

main
