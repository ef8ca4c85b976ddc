/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>
#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/**
 * Fixture:
 * @folder: a new folder with a.txt and b.txt, gone with the fixture
 * @data: what the program takes for the user's data folder
 * @status: the exit status of what ran last
 * @out: its output
 * @err: its errors
 *
 * Runs the built program, as a person or a script does, in a folder of its own.
 */
typedef struct
{
  char *folder;
  char *data;
  int status;
  char *out;
  char *err;
} Fixture;

/* What a.txt holds. */
#define FIXTURE_TEXT "Hello café 😀 world.\nSecond e\u0301 line, hello again.\n"

#define assert_in(needle, haystack) g_assert_nonnull (strstr (haystack, needle))

void set_up (Fixture *f, gconstpointer data);
void tear_down (Fixture *f, gconstpointer data);
void write_file (Fixture *f, const char *name, const char *contents);
char *read_file (Fixture *f, const char *name);
GSubprocess *start (Fixture *f, const char *const *arguments);
void finish (Fixture *f, GSubprocess *process);
void run (Fixture *f, int status, const char *first, ...) G_GNUC_NULL_TERMINATED;
void run_report (Fixture *f, int status, const char *first, ...) G_GNUC_NULL_TERMINATED;
JsonNode *parse (Fixture *f);

G_END_DECLS
