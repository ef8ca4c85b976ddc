/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "postil-fingerprint.h"

#include <string.h>

static inline guint64
mix (guint64 hash, guint64 word)
{
  hash = (hash ^ word) * G_GUINT64_CONSTANT (0x9E3779B97F4A7C15);
  return hash ^ (hash >> 29);
}

static inline guint64
load (const char *bytes)
{
  guint64 word;

  memcpy (&word, bytes, sizeof word);
  return word;
}

/* The lanes do not wait for one another. */
static inline void
add_block (guint64 *lanes, const char *bytes)
{
  lanes[0] = mix (lanes[0], load (bytes));
  lanes[1] = mix (lanes[1], load (bytes + 8));
  lanes[2] = mix (lanes[2], load (bytes + 16));
  lanes[3] = mix (lanes[3], load (bytes + 24));
}

/**
 * postil_fingerprint_add:
 * @self: a fingerprint
 * @bytes: the next bytes
 * @n_bytes: how many
 */
void
postil_fingerprint_add (PostilFingerprint *self, const char *bytes, gsize n_bytes)
{
  gsize n_rest = self->n_bytes % POSTIL_FINGERPRINT_BLOCK;
  guint64 lanes[POSTIL_FINGERPRINT_LANES];

  self->n_bytes += n_bytes;
  memcpy (lanes, self->lanes, sizeof lanes);
  if (n_rest > 0)
    {
      gsize n = MIN (n_bytes, POSTIL_FINGERPRINT_BLOCK - n_rest);

      memcpy (self->rest + n_rest, bytes, n);
      bytes += n;
      n_bytes -= n;
      n_rest = (n_rest + n) % POSTIL_FINGERPRINT_BLOCK;
      if (n_rest == 0)
        add_block (lanes, self->rest);
    }
  for (; n_bytes >= POSTIL_FINGERPRINT_BLOCK; n_bytes -= POSTIL_FINGERPRINT_BLOCK)
    {
      add_block (lanes, bytes);
      bytes += POSTIL_FINGERPRINT_BLOCK;
    }
  memcpy (self->rest + n_rest, bytes, n_bytes);
  memcpy (self->lanes, lanes, sizeof lanes);
}

/**
 * postil_fingerprint_get:
 * @self: a fingerprint
 *
 * Returns: the fingerprint of all bytes that were added
 */
guint64
postil_fingerprint_get (const PostilFingerprint *self)
{
  guint64 lanes[POSTIL_FINGERPRINT_LANES];
  char last[POSTIL_FINGERPRINT_BLOCK] = { 0 };
  guint64 hash = self->n_bytes;

  memcpy (lanes, self->lanes, sizeof lanes);
  memcpy (last, self->rest, self->n_bytes % POSTIL_FINGERPRINT_BLOCK);
  add_block (lanes, last);
  for (guint i = 0; i < POSTIL_FINGERPRINT_LANES; i++)
    hash = mix (hash, lanes[i]);
  return hash;
}

/**
 * postil_fingerprint_compute:
 * @bytes: any bytes
 * @n_bytes: how many
 *
 * Returns: their fingerprint
 */
guint64
postil_fingerprint_compute (const char *bytes, gsize n_bytes)
{
  PostilFingerprint fingerprint = { 0 };

  postil_fingerprint_add (&fingerprint, bytes, n_bytes);
  return postil_fingerprint_get (&fingerprint);
}
