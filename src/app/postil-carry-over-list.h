/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "postil-carry-over-row.h"

G_BEGIN_DECLS

#define POSTIL_TYPE_CARRY_OVER_LIST (postil_carry_over_list_get_type ())
G_DECLARE_FINAL_TYPE (PostilCarryOverList, postil_carry_over_list, POSTIL, CARRY_OVER_LIST, GObject)

PostilCarryOverList *postil_carry_over_list_new (GPtrArray *items);

guint postil_carry_over_list_get_n_ready (PostilCarryOverList *self);
PostilCarryOver *postil_carry_over_list_get_ready (PostilCarryOverList *self, guint position);
guint postil_carry_over_list_get_n_chosen (PostilCarryOverList *self);
gboolean postil_carry_over_list_is_chosen (PostilCarryOverList *self, guint position);
void postil_carry_over_list_choose_all (PostilCarryOverList *self, gboolean chosen);

G_END_DECLS
