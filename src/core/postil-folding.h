/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* No code point folds to more (U+FDFA does). */
#define POSTIL_FOLDING_MAX_UNITS 18

/**
 * PostilFold:
 * @code_point: a code point
 * @n_units: how many code points it folds to; 0 for accents and for what is invisible
 * @units: those
 *
 * What a code point is compared as.
 */
typedef struct
{
  gunichar code_point;
  guint8 n_units;
  gunichar units[POSTIL_FOLDING_MAX_UNITS];
} PostilFold;

const PostilFold *postil_folding_get (gunichar code_point);
void postil_folding_append (GString *folded, const char *utf8, gsize n_bytes);

G_END_DECLS
