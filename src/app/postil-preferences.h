/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

#define POSTIL_TYPE_PREFERENCES (postil_preferences_get_type ())
G_DECLARE_FINAL_TYPE (PostilPreferences,
                      postil_preferences,
                      POSTIL,
                      PREFERENCES,
                      AdwPreferencesWindow)

GtkWidget *postil_preferences_new (GSettings *settings);

G_END_DECLS
