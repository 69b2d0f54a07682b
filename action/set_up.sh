#!/usr/bin/env bash
# Puts the command on the PATH: the one that is there, or a release's file for this machine, held against its sums.
set -euo pipefail

if [[ -z $VERSION ]] && command -v infraudit >/dev/null; then
  echo "Using infraudit $(infraudit --version), which is installed here."
  exit
fi

case "$RUNNER_OS-$RUNNER_ARCH" in
  Linux-X64) file=infraudit-x86_64-unknown-linux-gnu ;;
  Linux-ARM64) file=infraudit-aarch64-unknown-linux-gnu ;;
  macOS-X64) file=infraudit-x86_64-apple-darwin ;;
  macOS-ARM64) file=infraudit-aarch64-apple-darwin ;;
  Windows-X64) file=infraudit-x86_64-pc-windows-msvc.exe ;;
  *)
    echo "::error::There is no infraudit for $RUNNER_OS on $RUNNER_ARCH."
    exit 1
    ;;
esac

releases="$GITHUB_SERVER_URL/${RELEASES_OF:-$GITHUB_REPOSITORY}/releases"
if [[ -n $VERSION ]]; then
  from="$releases/download/v${VERSION#v}"
else
  from="$releases/latest/download"
fi
folder="$RUNNER_TEMP/infraudit/bin"
mkdir -p "$folder"
cd "$folder"
for name in "$file" SHA256SUMS; do
  curl --fail --silent --show-error --location --retry 3 --output "$name" "$from/$name" || {
    echo "::error::$from/$name can't be had. Say which release with \`version\`."
    exit 1
  }
done
sum=$(command -v sha256sum || echo "shasum -a 256")
# Both print "SUM  NAME", or "SUM *NAME" for a file read as it is.
wanted=$(awk -v name="$file" '{ sub(/^\*/, "", $2) } $2 == name { print $1 }' SHA256SUMS)
read -r found _ < <($sum "$file")
if [[ -z $wanted || $wanted != "$found" ]]; then
  rm -f "$file"
  echo "::error::$file is not the file that the release's SHA256SUMS names."
  exit 1
fi
target=infraudit
[[ $RUNNER_OS == Windows ]] && target=infraudit.exe
mv "$file" "$target"
chmod +x "$target"
echo "$folder" >>"$GITHUB_PATH"
echo "Installed infraudit $("./$target" --version)."
