# SPDX-License-Identifier: GPL-3.0-or-later
# What the scripts of this folder share; they source it.
# shellcheck shell=bash
root=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.." >/dev/null && pwd -P)
started=()
scratch=

# build FOLDER OPTION…: sets FOLDER up in the checkout with these options, and builds it
build ()
{
  local folder=$root/$1
  shift
  if [[ ! -f $folder/build.ninja ]]; then
    rm -rf -- "$folder"
    meson setup "$folder" "$root" "$@" >&2 || return
  fi
  ninja -C "$folder" >&2
}

# Gives what follows folders and a display of its own, all gone when the script ends. GIO finds none of
# the modules that are installed: one that is newer than the list of them it loads, and leaks.
isolate ()
{
  scratch=$(mktemp -d)
  trap end_isolation EXIT
  trap 'exit 130' INT
  trap 'exit 143' TERM HUP
  export HOME=$scratch TMPDIR=$scratch/tmp XDG_CONFIG_HOME=$scratch/config \
    XDG_DATA_HOME=$scratch/data XDG_STATE_HOME=$scratch/state XDG_CACHE_HOME=$scratch/cache \
    XDG_RUNTIME_DIR=$scratch/run GDK_BACKEND=x11 GSK_RENDERER=cairo GTK_A11Y=test GTK_USE_PORTAL=0 \
    GIO_MODULE_DIR=$scratch/modules
  mkdir -m 700 "$scratch"/{tmp,config,data,state,cache,run,modules}
  unset WAYLAND_DISPLAY DISPLAY DBUS_SESSION_BUS_ADDRESS

  # Xvfb finds a free display number and writes it once it takes connections
  local number
  exec {display_fd}<> <(:)
  Xvfb -displayfd "$display_fd" -screen 0 1400x1000x24 -nolisten tcp >"$scratch/xvfb.log" 2>&1 &
  started+=($!)
  if ! read -r -t 60 number <&"$display_fd"; then
    echo "Xvfb did not start:" >&2
    cat "$scratch/xvfb.log" >&2
    return 1
  fi
  display=:$number
}

end_isolation ()
{
  local pid
  for pid in "${started[@]}"; do
    kill "$pid" 2>/dev/null && wait "$pid" 2>/dev/null
  done
  rm -rf -- "$scratch"
}

# on_display COMMAND…: runs it with the display and a session bus of its own
on_display ()
{
  DISPLAY=$display dbus-run-session -- "$@"
}
