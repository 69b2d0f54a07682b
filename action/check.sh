#!/usr/bin/env bash
# Fails the job when dangerous drift is open. The command itself writes the annotations and the step's summary.
set -euo pipefail

options=(--fail-on "$FAIL_ON" --format sarif)
[[ $DETECT == true ]] && options+=(--detect)
[[ -n $MAX_AGE ]] && options+=(--max-age "$MAX_AGE")

code=0
infraudit check "${options[@]}" >"$SARIF_FILE" || code=$?
# 0 is nothing open, 1 is findings; with any other nothing is known, and half a file would look like an answer.
if ((code > 1)); then
  rm -f "$SARIF_FILE"
  exit "$code"
fi
passed=true
((code == 0)) || passed=false
{
  echo "passed=$passed"
  echo "sarif-file=$SARIF_FILE"
} >>"$GITHUB_OUTPUT"
exit "$code"
