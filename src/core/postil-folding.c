/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "postil-folding.h"

/* The combining classes of accents, Hebrew points and Arabic vowel marks; the others make another
 * letter or another word.
 */
static gboolean
is_accent (gunichar character)
{
  int class = g_unichar_combining_class (character);

  return class >= 200 || (class >= 10 && class <= 35);
}

static void
append_beyond_ascii (GString *folded, const char *utf8, gsize n_bytes)
{
  g_autofree char *one_case = g_utf8_casefold (utf8, n_bytes);

  for (const char *p = one_case; *p != '\0'; p = g_utf8_next_char (p))
    {
      gunichar parts[G_UNICHAR_MAX_DECOMPOSITION_LENGTH];
      gsize n_parts =
        g_unichar_fully_decompose (g_utf8_get_char (p), FALSE, parts, G_N_ELEMENTS (parts));

      for (gsize i = 0; i < n_parts; i++)
        if (!is_accent (parts[i]))
          g_string_append_unichar (folded, parts[i]);
    }
}

/**
 * postil_folding_append:
 * @folded: a string to append to
 * @utf8: a text
 * @n_bytes: its length in bytes
 *
 * Appends @utf8 as it is compared where neither case nor accents count: in the full case folding of
 * Unicode, canonically decomposed, without accents.
 */
void
postil_folding_append (GString *folded, const char *utf8, gsize n_bytes)
{
  const char *end = utf8 + n_bytes;

  g_return_if_fail (folded != NULL);
  g_return_if_fail (utf8 != NULL || n_bytes == 0);

  while (utf8 < end)
    {
      const char *from = utf8;

      while (utf8 < end && (guchar) *utf8 < 0x80)
        utf8++;
      g_string_append_len (folded, from, utf8 - from);
      for (char *p = folded->str + folded->len - (utf8 - from); *p != '\0'; p++)
        *p = g_ascii_tolower (*p);

      from = utf8;
      while (utf8 < end && (guchar) *utf8 >= 0x80)
        utf8++;
      if (utf8 > from)
        append_beyond_ascii (folded, from, utf8 - from);
    }
}
