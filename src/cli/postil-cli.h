/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * PostilCliCommand:
 * @name: what the command line calls it
 * @summary: what it does, in one line; to be translated with gettext()
 * @run: does it; its arguments begin with the program's name. An error of %POSTIL_ERROR_NOT_FOUND
 * ends the program with 1, any other with 2.
 *
 * A command of postil-cli. Each is defined in a file of its own and listed in postil-cli.c.
 */
typedef struct
{
  const char *name;
  const char *summary;
  gboolean (*run) (int argc, char **argv, GError **error);
} PostilCliCommand;

extern const PostilCliCommand postil_cli_annotate;
extern const PostilCliCommand postil_cli_check;
extern const PostilCliCommand postil_cli_compare;
extern const PostilCliCommand postil_cli_export;
extern const PostilCliCommand postil_cli_list;
extern const PostilCliCommand postil_cli_merge;
extern const PostilCliCommand postil_cli_topics;

G_END_DECLS
