#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# The JSON Schema accepts all that Postil writes: test-sidecar-schema.sh CLI SCHEMA
set -euo pipefail
cli=$1 schema=$2
folder=$(mktemp -d)
trap 'rm -rf -- "$folder"' EXIT
text=$folder/interview.txt
export XDG_CONFIG_HOME=$folder XDG_DATA_HOME=$folder

# One annotation moves and one loses its place as the text changes; then come new ones
printf 'Why here? In the café 😀 was no one.\nIt rained.\n' >"$text"
"$cli" annotate "$text" --quote='café 😀' --topic=Places/Inside --note='Why "here"?' --creator='Annotator 1'
"$cli" annotate "$text" --quote='It rained.' --topic=Weather
printf 'Asked why here, she said: In the café 😀 was no one.\n' >"$text"
"$cli" annotate "$text" --at=0:5 --at=16:19 --creator='Annotator 2'
"$cli" list "$text"

for status in moved orphaned; do
  grep -q "\"$status\"" "$text.annotations.json"
done
jsonschema -i "$text.annotations.json" "$schema"
