/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "postil-application.h"
#include "postil-window-private.h"

G_BEGIN_DECLS

/**
 * Fixture:
 * @application: the application, the same for all tests
 * @folder: a new folder, gone with the fixture
 *
 * Postil in the test's own process, to be used as a person does.
 */
typedef struct
{
  PostilApplication *application;
  char *folder;
} Fixture;

typedef gboolean (*Condition) (gpointer data);

gboolean fixture_init (int *argc, char ***argv);
void fixture_set_up (Fixture *fixture, gconstpointer data);
void fixture_tear_down (Fixture *fixture, gconstpointer data);

char *fixture_write (Fixture *fixture, const char *name, const char *contents, gssize length);
PostilWindow *fixture_open (Fixture *fixture, const char *const *paths);
PostilWindow *fixture_open_two (Fixture *fixture, const char *first, const char *second);
void fixture_close (Fixture *fixture, PostilWindow *window);

void wait_until (Condition condition, gpointer data, const char *what);
void wait_saved (PostilWindow *window);
gboolean is_compared (gpointer window);
void wait_compared (PostilWindow *window);
gboolean is_enabled (PostilWindow *window, const char *action);
PostilTextView *get_text (PostilWindow *window);
PostilDocument *get_document (PostilWindow *window, guint position);
void press (PostilWindow *window, const char *key);
void press_times (PostilWindow *window, const char *key, guint times);
void type (PostilWindow *window, const char *words);
gboolean has_bar (GtkWidget *widget, const char *words);
void wait_bar (PostilWindow *window, const char *words);
void wait_no_bar (PostilWindow *window, const char *words);
GtkWidget *find_dialog (Fixture *fixture);
void answer (Fixture *fixture, const char *response);

G_END_DECLS
