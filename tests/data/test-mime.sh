#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# A sidecar has the MIME type of its own and other JSON keeps its: test-mime.sh PACKAGE
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf -- "$folder"' EXIT
mkdir -p "$folder/mime/packages"
cp -- "$1" "$folder/mime/packages"
cp /usr/share/mime/packages/freedesktop.org.xml "$folder/mime/packages"
update-mime-database "$folder/mime"

status=0
while read -r name type; do
  echo '{}' >"$folder/$name"
  found=$(XDG_DATA_HOME=$folder XDG_DATA_DIRS=$folder gio info -a standard::content-type "$folder/$name" |
    sed -n 's/.*standard::content-type: //p')
  if [[ $found != "$type" ]]; then
    echo "$name is taken for $found, not $type"
    status=1
  fi
done <<LIST
interview.txt.annotations.json application/x-postil-annotations+json
annotations.json application/json
interview.json application/json
interview.txt text/plain
LIST
exit $status
