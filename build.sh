#!/usr/bin/env bash
# Builds, tests and measures Deeplay for .NET. `./build.sh help` tells the commands.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1

main() {
    local command=${1:-help}
    shift || true
    case $command in
        setup | build | demo | test | bench | pack | format | generate | lock) "$command" "$@" ;;
        help | -h | --help) help ;;
        *) help >&2; exit 2 ;;
    esac
}

help() {
    cat <<'EOF'
./build.sh COMMAND

  demo             train on real digits, save, load, compare
  test             run every test, every sample, and programs that take the packages
  bench            measure against the bounds; fails when one falls short
  build            build Deeplay.sln
  format           lay the sources out; `format --check` only looks
  generate         write both faces' factories and docs/library from the library; `generate --check` only looks
  pack             NuGet packages into artifacts/packages
  lock [GROUP]     choose package versions anew (docs/packages.md)

Every command sets up what it needs first. Variable:

  TorchNatives     cpu, cuda, or auto (the default: cuda where there is a GPU and the sources have it)
EOF
}

say() { printf '\033[1m== %s\033[0m\n' "$*"; }
fail() { printf '%s\n' "$*" >&2; exit 1; }

# ---- setup ---------------------------------------------------------------------------------------------

setup() {
    need_dotnet
    mkdir -p artifacts/setup
    once tools "dotnet tool restore" .config/dotnet-tools.json
    choose_natives
    once "packages-$TorchNatives" restore_packages paket.lock .paket/packages.proj .config/dotnet-tools.json
}

# once NAME COMMAND FILE…: runs the command unless it succeeded before with the same files and package folder.
once() {
    local stamp=artifacts/setup/$1 command=$2 key
    shift 2
    key=$(printf '%s\n' "${NUGET_PACKAGES:-}" | cat - "$@" | sha256sum)
    [[ -f $stamp && $(<"$stamp") == "$key" && -d ${NUGET_PACKAGES:-$HOME/.nuget/packages} ]] && return
    quietly $command
    printf '%s' "$key" >"$stamp"
}

# Shows what a command printed only if it failed.
quietly() {
    local log=artifacts/setup/log
    "$@" >"$log" 2>&1 || { cat "$log" >&2; fail "failed: $*"; }
}

need_dotnet() {
    command -v dotnet >/dev/null && dotnet --list-sdks | grep -q '^1[0-9]\.' ||
        fail "The .NET SDK 10 or newer is missing: install it (package dotnet-sdk-10.0) and have dotnet on the PATH."
}

# Every pin of paket.lock comes from this machine's own package sources; Paket finds them in the package folder.
restore_packages() {
    dotnet restore .paket/packages.proj "-p:TorchNatives=$TorchNatives" &&
        dotnet paket restore --group Main
}

# ---- the natives ---------------------------------------------------------------------------------------

# Sets and exports TorchNatives, and leaves it in artifacts/natives.props for `dotnet build` by itself.
choose_natives() {
    local told=${TorchNatives:-auto} why="as told"
    if [[ $told == auto ]]; then
        once natives-found find_natives paket.lock
        read -r told why <artifacts/setup/natives
    fi
    [[ -f natives/$told.csproj ]] || fail "TorchNatives is '$told'. It can be cpu, cuda or auto."
    export TorchNatives=$told
    local props="<Project><PropertyGroup><TorchNatives Condition=\"'\$(TorchNatives)' == ''\">$told</TorchNatives></PropertyGroup></Project>"
    [[ -f artifacts/natives.props && $(<artifacts/natives.props) == "$props" ]] || echo "$props" >artifacts/natives.props
    say "natives: $TorchNatives ($why)"
}

# Those for CUDA where there is a GPU and the package sources have them. Writes the choice and the reason.
find_natives() {
    if [[ ! -e /dev/nvidiactl ]]; then
        echo "cpu this machine has no NVIDIA GPU"
    elif dotnet restore .paket/packages.proj -p:TorchNatives=cuda >&2; then
        echo "cuda there is an NVIDIA GPU, and the package sources have TorchSharp-cuda-linux"
    else
        echo "cpu there is an NVIDIA GPU, but the package sources lack TorchSharp-cuda-linux"
    fi >artifacts/setup/natives
}

# ---- commands ------------------------------------------------------------------------------------------

build() {
    setup
    say "build"
    dotnet build Deeplay.sln --verbosity quiet "$@"
}

demo() {
    build
    local sample
    for sample in samples/Quickstart.cs samples/Seeds.cs; do
        say "demo: $sample"
        dotnet run "$sample"
    done
}

# Ends with the totals of all test programs and samples, alone on a line.
test() {
    build
    passed=0 failed=0 skipped=0
    local project name sample
    for project in tests/*/*.*proj; do
        name=$(basename "${project%.*}")
        # The tests in F# are Expecto's, those in C# xunit's. Both write JUnit's format.
        if [[ $project == *.fsproj ]]; then
            run_tests "$name" "artifacts/bin/$name/debug/$name" --colours 0 --junit-summary
        else
            run_tests "$name" "artifacts/bin/$name/debug/$name" -noLogo -result-junit
        fi
    done
    run_tests packages tests/packages.sh
    for sample in samples/*.cs; do run_sample "$sample" dotnet run; done
    for sample in samples/*.fsx; do [[ $sample == */@(deeplay|plots|sample).fsx ]] || run_sample "$sample" dotnet fsi; done
    echo
    echo "$passed passed, $failed failed$( ((skipped == 0)) || echo ", $skipped skipped")"
    ((failed == 0))
}

# run_tests NAME COMMAND…: runs a test program, which writes its report into the file named last, and adds that up. One
# that leaves no report has failed.
run_tests() {
    local report=artifacts/tests/$1.xml code=0 before=$failed
    mkdir -p artifacts/tests
    rm -f "$report"
    say "tests/$1"
    shift
    "$@" "$report" || code=$?
    if [[ -s $report ]]; then
        local bad skip
        bad=$(($(count failure "$report") + $(count error "$report")))
        skip=$(count skipped "$report")
        passed=$((passed + $(count testcase "$report") - bad - skip))
        failed=$((failed + bad))
        skipped=$((skipped + skip))
    fi
    ((code == 0 || failed > before)) || failed=$((failed + 1))
}

# count ELEMENT REPORT: how many there are.
count() { { grep -oE "<$1[ />]" "$2" || true; } | wc -l; }

# run_sample FILE COMMAND…: a sample passes when it ends well. One that knows --quick is run so: shortened, without data that a
# machine may lack. What it makes is then in artifacts/samples.
run_sample() {
    local sample=$1 how=()
    shift
    [[ -f $sample ]] || return 0
    ! grep -q -e '--quick' "$sample" || how=(--quick "artifacts/samples/$(basename "$sample")")
    say "$sample ${how[*]}"
    if "$@" "$sample" "${how[@]}"; then passed=$((passed + 1)); else failed=$((failed + 1)); fi
}

bench() {
    setup
    say "bench"
    local code=0
    dotnet run --project bench/Bench.fsproj --configuration Release -- "$@" || code=$?
    # Against the commit before, where everything is measured.
    (($# > 0)) || bench/before.sh || code=1
    return $code
}

format() {
    [[ $# == 0 || $1 == --check ]] || fail "format takes nothing, or --check"
    need_dotnet
    mkdir -p artifacts/setup
    once tools "dotnet tool restore" .config/dotnet-tools.json
    local fantomas=() csharpier=format
    [[ $# == 0 ]] || { fantomas=(check) csharpier=check; }
    dotnet fantomas "${fantomas[@]}" src tools tests bench samples
    dotnet csharpier "$csharpier" .
}

generate() {
    [[ $# == 0 || $1 == --check ]] || fail "generate takes nothing, or --check"
    setup
    dotnet run --project tools/Deeplay.Generate -- "$PWD" "$@"
}

pack() {
    setup
    say "pack"
    rm -rf artifacts/packages
    dotnet pack Deeplay.sln --configuration Release --output artifacts/packages --verbosity quiet --nologo \
        -p:ContinuousIntegrationBuild=true
    [[ -n ${RepositoryUrl:-} || $(git remote get-url origin 2>/dev/null) == @(http|ssh:|*@)* ]] ||
        echo "These packages name no repository: this clone has no remote on the web. RepositoryUrl=ADDRESS names one."
    ls artifacts/packages
}

lock() {
    need_dotnet
    mkdir -p artifacts/setup
    once tools "dotnet tool restore" .config/dotnet-tools.json
    .paket/lock.sh "$@"
}

main "$@"
