#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# po/POTFILES names exactly the files that hold strings to translate: test-potfiles.sh ROOT
if ! diff "$1/po/POTFILES" <("$1/build-aux/potfiles"); then
  echo "po/POTFILES is out of date: run build-aux/potfiles >po/POTFILES"
  exit 1
fi
