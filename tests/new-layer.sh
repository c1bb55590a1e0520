#!/usr/bin/env bash
# Shows what a new kind of layer takes: a definition, a lowering, and one row of PyTorch's answers. It writes these for
# PyTorch's CosineSimilarity into a copy of the sources, generates what is generated, shows both faces' factories and
# keys of it, and runs all tests of the copy. Takes as long as they do; fails where anything else had to be touched.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1

copy=$(mktemp -d)
trap 'rm -rf "$copy"' EXIT
git clone --quiet --no-hardlinks "$root" "$copy"
cd "$copy"

# 1. The definition.
cat >>src/Deeplay.Library/Layers/Linear.fs <<'FSHARP'

module internal CosineSimilarity =
    let dim =
        Param.int "dim"
        |> Param.withDefault 1
        |> Param.withDocumentation "The dimension along which the inputs are compared."

    let eps = Key.number "eps" 1e-8 "The least product of norms, against a division by zero."

    let private rule (arguments: Arguments) inputs =
        OpShape.infer (Binary Mul) inputs
        |> Result.bind (fun both -> OpShape.infer (Reduce(Sum, [ arguments.Get dim ], false)) [ both ])
        |> Result.bind Rule.gives

    let definition =
        Layer.create
            "CosineSimilarity"
            [ dim; eps ]
            rule
            "The cosine of the angle between two inputs along a dimension."
            "two that broadcast → without the dimension"
        |> Definition.withExtra (fun _ -> "")
FSHARP

# 2. The lowering.
sed -i '0,/^    let table =\n/s/^            row Bilinear.definition/            row CosineSimilarity.definition (fun a ->\n                torch.nn.CosineSimilarity(Read.int a CosineSimilarity.dim, a.Get CosineSimilarity.eps))\n&/' \
    src/Deeplay.Torch/Lowering/Layers/Linear.fs

# 3. What PyTorch gives for it.
row='{"kind":"CosineSimilarity","arguments":{},"training":false,"inputs":[[2,3],[2,3]],"parameters":[],"overwrites":false,"shape":[2],"output":[0.99573,0.989852],"buffers":[]},'
sed -i "0,/^{\"kind\"/s/^{\"kind\"/$row\n&/" tests/Unit/reference/lowering.json

touched=$(git diff --name-only)
[[ $(wc -l <<<"$touched") == 3 ]] || { echo "not three files: $touched" >&2; exit 1; }
printf 'by hand:\n%s\n' "$(git diff --numstat)"
git -c user.name=copy -c user.email=copy@example.invalid commit --quiet --all --message "A layer"

# Everything else is generated.
./build.sh generate
./build.sh build
DEEPLAY_ACCEPT=1 artifacts/bin/Unit/debug/Unit --colours 0 --filter "Surface" >/dev/null
printf 'generated:\n%s\n' "$(git diff --numstat)"
git diff -U0 -- '*.g.*' | grep -E '^\+ .*[cC]osineSimilarity' >/dev/null || { echo "no factory was generated" >&2; exit 1; }
./build.sh test
