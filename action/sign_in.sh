#!/usr/bin/env bash
# Signs the job in: by an API key where one is given, else by the job's own identity. Later steps are signed in too.
set -euo pipefail

# The runner empties this folder when the job ends.
config="$RUNNER_TEMP/infraudit/config.yaml"
mkdir -p "$RUNNER_TEMP/infraudit"
export INFRAUDIT_SERVER_URL=$SERVER_URL INFRAUDIT_CONFIG=$config INFRAUDIT_NO_UPDATE_NOTICE=1
if [[ $SERVER_URL == *$'\n'* ]]; then
  echo "::error::server-url must be one line."
  exit 1
fi

if [[ -n $API_KEY ]]; then
  infraudit auth login --api-key-stdin <<<"$API_KEY"
elif [[ -n $ORGANIZATION ]]; then
  infraudit auth login --oidc --organization "$ORGANIZATION" --audience "$AUDIENCE"
else
  echo "::error::Say who this job is: \`organization\` for keyless access, or \`api-key\`."
  exit 1
fi

{
  echo "INFRAUDIT_SERVER_URL=$SERVER_URL"
  echo "INFRAUDIT_CONFIG=$config"
  echo "INFRAUDIT_NO_UPDATE_NOTICE=1"
} >>"$GITHUB_ENV"
