#!/usr/bin/env bash
# Writes paket.lock anew: lock.sh [GROUP], group Main unless told.
# NuGet chooses the packages from this machine's sources and lays them into .paket/feed, where Paket resolves.
set -euo pipefail
cd "$(dirname "$0")/.."
group=${1:-Main}
work=artifacts/lock
rm -rf .paket/feed "$work"
mkdir -p .paket/feed "$work"

# `nuget Name [~> 1.2 | >= 1.2 | 1.2.3]` of the group, as PackageReference with NuGet's spelling of the range.
references() {
    awk -v wanted="$group" '
        function range() {
            if (NF == 2) return "*"
            if ($3 == ">=") return $4
            if ($3 != "~>") return "[" $3 "]"
            sub(/\.[0-9]+$/, ".*", $4)
            return $4
        }
        BEGIN { group = "Main" }
        $1 == "group" { group = $2 }
        $1 == "nuget" && group == wanted {
            printf "    <PackageReference Include=\"%s\" Version=\"%s\" />\n", $2, range()
        }' paket.dependencies
}

# Pruning off: Paket wants to see the packages that the framework itself holds by now.
cat >"$work/lock.proj" <<EOF
<Project Sdk="Microsoft.NET.Sdk">
  <PropertyGroup>
    <PaketRestoreDisabled>True</PaketRestoreDisabled>
    <TreatWarningsAsErrors>false</TreatWarningsAsErrors>
    <RestoreEnablePackagePruning>false</RestoreEnablePackagePruning>
  </PropertyGroup>
  <ItemGroup>
$(references)
  </ItemGroup>
</Project>
EOF
dotnet restore "$work/lock.proj" --packages .paket/feed
dotnet paket update --no-install --group "$group"
