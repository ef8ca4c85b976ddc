/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "postil-carry-over.h"

G_BEGIN_DECLS

#define POSTIL_TYPE_CARRY_OVER_ROW (postil_carry_over_row_get_type ())
G_DECLARE_FINAL_TYPE (PostilCarryOverRow, postil_carry_over_row, POSTIL, CARRY_OVER_ROW, GObject)

PostilCarryOverRow *postil_carry_over_row_new (PostilCarryOver *item,
                                               guint position,
                                               gboolean chosen);
PostilCarryOverRow *postil_carry_over_row_new_heading (const char *heading);

PostilCarryOver *postil_carry_over_row_get_item (PostilCarryOverRow *self);
const char *postil_carry_over_row_get_heading (PostilCarryOverRow *self);
guint postil_carry_over_row_get_position (PostilCarryOverRow *self);
gboolean postil_carry_over_row_get_chosen (PostilCarryOverRow *self);
void postil_carry_over_row_set_chosen (PostilCarryOverRow *self, gboolean chosen);

G_END_DECLS
