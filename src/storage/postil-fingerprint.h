/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define POSTIL_FINGERPRINT_LANES 4
#define POSTIL_FINGERPRINT_BLOCK (POSTIL_FINGERPRINT_LANES * sizeof (guint64))

/**
 * PostilFingerprint:
 * @lanes: what became of every fourth word
 * @rest: what came after the last whole block
 * @n_bytes: how many bytes were added
 *
 * Tells changed bytes from the same ones, in a time that is little beside reading them from memory:
 * SHA-256 would take longer than all else. It need not withstand malice, as who may write a file
 * may as well write something else into it. It begins with zeros.
 */
typedef struct
{
  guint64 lanes[POSTIL_FINGERPRINT_LANES];
  char rest[POSTIL_FINGERPRINT_BLOCK];
  guint64 n_bytes;
} PostilFingerprint;

void postil_fingerprint_add (PostilFingerprint *self, const char *bytes, gsize n_bytes);
guint64 postil_fingerprint_get (const PostilFingerprint *self);
guint64 postil_fingerprint_compute (const char *bytes, gsize n_bytes);

G_END_DECLS
