#!/usr/bin/env bash
# Imports the file and hands on the counts.
set -euo pipefail

options=(--source "${SOURCE:-$GITHUB_REPOSITORY/$FILE}")
[[ $FULL == false ]] || options+=(--full)
[[ $ALLOW_MASS_DELETE == true ]] && options+=(--allow-mass-delete)

counts='created={{created}}\nupdated={{updated}}\ndeleted={{deleted}}\ndrifted={{drifted}}\n'
infraudit resources import "$FILE" "${options[@]}" --template "$counts" | tee -a "$GITHUB_OUTPUT"
