/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "postil-sidecar-emitter.h"

#include <string.h>

/*
 * PostilSidecarLevel: the layout of a sidecar, whatever stands in it: strings, numbers and dates,
 * and objects and arrays in which what other programs put returns to its place. It lives on the
 * stack of the function that writes the object.
 */

static void
put_escape (GString *out, char byte)
{
  static const char names[] = "\"\"\\\\\bb\ff\nn\rr\tt";

  for (const char *at = names; *at != '\0'; at += 2)
    if (*at == byte)
      {
        g_string_append_c (out, '\\');
        g_string_append_c (out, at[1]);
        return;
      }
  g_string_append_printf (out, "\\u%04x", (guint) byte);
}

static void
put_pair (char *at, guint number)
{
  at[0] = '0' + number / 10 % 10;
  at[1] = '0' + number % 10;
}

/* Goes to where the next member or element stands. */
static void
separate (PostilSidecarLevel *self, gboolean breaks)
{
  gboolean in_line =
    (self->form && self->form->breaks == 0) || !(breaks || self->empty || self->breaks_next);

  if (in_line)
    postil_sidecar_emit (self->out, self->empty ? " " : ", ", self->empty ? 1 : 2);
  else
    {
      if (!self->empty)
        g_string_append_c (self->out, ',');
      postil_sidecar_emit_indent (self->out, self->indent);
    }
  self->empty = FALSE;
  self->breaks_next = FALSE;
}

static int
find_key (const PostilSidecarLevel *self, const char *name)
{
  PostilJsonSlice key = { .bytes = name, .n_bytes = strlen (name) };

  return postil_sidecar_form_find (self->form, &key, -1);
}

/* The index of the known key that a foreign member followed; one that the form lacks counts as its
 * last. */
static int
find_after (const PostilSidecarLevel *self, const char *after)
{
  int known = find_key (self, after);

  return known >= 0 || *after == '\0' ? known : (int) self->form->n_keys - 1;
}

/* Writes the foreign members whose turn comes before the known key @until. */
static void
put_foreign (PostilSidecarLevel *self, int until)
{
  int known;

  for (; self->known < until; self->known++)
    for (guint i = 0; i < self->n_members; i++)
      {
        const PostilForeignMember *member = &self->members[i];

        if (member->key == NULL || find_after (self, member->after) != self->known)
          continue;
        known = find_key (self, member->key);
        separate (self, known < 0 || (self->form->breaks >> known) & 1);
        g_string_append_printf (self->out, "\"%s\": ", member->key);
        g_string_append_len (self->out, member->value, member->n_value);
        /* One that Postil does not know has a line of its own. */
        self->breaks_next = known < 0;
      }
}

/* Whether another program's value stands in the place of a known key. */
static gboolean
has_stand_in (const PostilSidecarLevel *self, const char *key)
{
  for (guint i = 0; i < self->n_members; i++)
    if (g_strcmp0 (self->members[i].key, key) == 0)
      return TRUE;
  return FALSE;
}

/* Writes the foreign elements that followed @until known ones, or fewer. */
static void
put_elements (PostilSidecarLevel *self, guint64 until)
{
  for (; self->next < self->n_members; self->next++)
    {
      const PostilForeignMember *member = &self->members[self->next];

      if (member->key)
        continue;
      if (g_ascii_strtoull (member->after, NULL, 10) > until)
        return;
      separate (self, TRUE);
      g_string_append_len (self->out, member->value, member->n_value);
    }
}

/**
 * postil_sidecar_emit_string_len:
 * @out: where it is written
 * @text: text in UTF-8
 * @n_bytes: its length in bytes
 *
 * Writes a string in its quotes.
 */
void
postil_sidecar_emit_string_len (GString *out, const char *text, gsize n_bytes)
{
  g_string_append_c (out, '"');
  while (n_bytes > 0)
    {
      gsize n_plain = postil_json_count_plain (text, n_bytes);

      postil_sidecar_emit (out, text, n_plain);
      if (n_plain < n_bytes)
        put_escape (out, text[n_plain++]);
      text += n_plain;
      n_bytes -= n_plain;
    }
  g_string_append_c (out, '"');
}

/**
 * postil_sidecar_emit_string:
 * @out: where it is written
 * @text: text in UTF-8
 *
 * Writes a string in its quotes.
 */
void
postil_sidecar_emit_string (GString *out, const char *text)
{
  postil_sidecar_emit_string_len (out, text, strlen (text));
}

/**
 * postil_sidecar_emit_number:
 * @out: where it is written
 * @number: any number
 *
 * Writes it in decimal, in less time than printf() takes.
 */
void
postil_sidecar_emit_number (GString *out, guint number)
{
  char digits[10];
  guint n = sizeof digits;

  do
    digits[--n] = '0' + number % 10;
  while ((number /= 10) > 0);
  postil_sidecar_emit (out, digits + n, sizeof digits - n);
}

/**
 * postil_sidecar_emit_date:
 * @out: where it is written
 * @date: seconds since the Unix epoch
 *
 * Writes a date as YYYY-MM-DDThh:mm:ssZ in its quotes; after Howard Hinnant's algorithm, see the
 * reader's.
 */
void
postil_sidecar_emit_date (GString *out, gint64 date)
{
  char text[] = "\"0000-00-00T00:00:00Z\"";
  gint64 days = date / 86400 - (date % 86400 < 0);
  guint second = date - days * 86400;
  gint64 shifted = days + 719468;
  gint64 era = (shifted >= 0 ? shifted : shifted - 146096) / 146097;
  guint day_of_era = shifted - era * 146097;
  guint year_of_era =
    (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
  guint day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
  guint month = (5 * day_of_year + 2) / 153;
  guint year = year_of_era + era * 400 + (month >= 10);

  put_pair (text + 1, year / 100);
  put_pair (text + 3, year);
  put_pair (text + 6, month < 10 ? month + 3 : month - 9);
  put_pair (text + 9, day_of_year - (153 * month + 2) / 5 + 1);
  put_pair (text + 12, second / 3600);
  put_pair (text + 15, second / 60 % 60);
  put_pair (text + 18, second % 60);
  postil_sidecar_emit (out, text, sizeof text - 1);
}

/**
 * postil_sidecar_emit_indent:
 * @out: where it is written
 * @indent: in spaces
 *
 * Begins a line.
 */
void
postil_sidecar_emit_indent (GString *out, guint indent)
{
  static const char line[] = "\n                              ";

  g_assert (indent < sizeof line - 1);
  postil_sidecar_emit (out, line, indent + 1);
}

/**
 * postil_sidecar_level_enter_object:
 * @out: where it is written
 * @form: what kind of object it is
 * @foreign: (nullable): what its carrier keeps of other programs
 * @object: (nullable): which part of the carrier it is; not %NULL with @foreign
 * @indent: of its members, in spaces
 *
 * Returns: an object that was begun
 */
PostilSidecarLevel
postil_sidecar_level_enter_object (GString *out,
                                   const PostilSidecarForm *form,
                                   PostilForeign *foreign,
                                   const char *object,
                                   guint indent)
{
  PostilSidecarLevel self = {
    .out = out, .form = form, .indent = indent, .known = -1, .empty = TRUE
  };

  if (foreign)
    self.members = postil_foreign_get_part (foreign, object, &self.n_members);
  g_string_append_c (out, '{');
  return self;
}

/**
 * postil_sidecar_level_begin:
 * @self: an object
 * @known: the known key whose turn has come
 *
 * Begins the member with that key.
 *
 * Returns: %FALSE when another program's value stands in its place
 */
gboolean
postil_sidecar_level_begin (PostilSidecarLevel *self, int known)
{
  const PostilSidecarKey *key = &self->form->keys[known];

  if (self->n_members > 0)
    {
      put_foreign (self, known);
      if (has_stand_in (self, key->name))
        return FALSE;
    }
  separate (self, (self->form->breaks >> known) & 1);
  postil_sidecar_emit (self->out, key->written, key->n_bytes + strlen ("\"\": "));
  return TRUE;
}

/**
 * postil_sidecar_level_put:
 * @self: an object
 * @known: the known key whose turn has come
 * @text: (nullable): its string; without one nothing is written
 */
void
postil_sidecar_level_put (PostilSidecarLevel *self, int known, const char *text)
{
  if (text && postil_sidecar_level_begin (self, known))
    postil_sidecar_emit_string (self->out, text);
}

/**
 * postil_sidecar_level_put_word:
 * @self: an object
 * @known: the known key whose turn has come
 * @word: its string, in which nothing need be escaped
 */
void
postil_sidecar_level_put_word (PostilSidecarLevel *self, int known, const char *word)
{
  if (!postil_sidecar_level_begin (self, known))
    return;
  g_string_append_c (self->out, '"');
  postil_sidecar_emit (self->out, word, strlen (word));
  g_string_append_c (self->out, '"');
}

/**
 * postil_sidecar_level_put_date:
 * @self: an object
 * @known: the known key whose turn has come
 * @date: seconds since the Unix epoch; with 0 nothing is written
 */
void
postil_sidecar_level_put_date (PostilSidecarLevel *self, int known, gint64 date)
{
  if (date != 0 && postil_sidecar_level_begin (self, known))
    postil_sidecar_emit_date (self->out, date);
}

/**
 * postil_sidecar_level_end_object:
 * @self: an object
 *
 * Writes what is left for its end, and ends it.
 */
void
postil_sidecar_level_end_object (PostilSidecarLevel *self)
{
  if (self->n_members > 0)
    put_foreign (self, self->form->n_keys);
  if (self->form->breaks != 0)
    postil_sidecar_emit_indent (self->out, self->indent - 2);
  else
    g_string_append_c (self->out, ' ');
  g_string_append_c (self->out, '}');
}

/**
 * postil_sidecar_level_enter_array:
 * @out: where it is written
 * @foreign: (nullable): what its carrier keeps of other programs
 * @object: (nullable): which part of the carrier it is; not %NULL with @foreign
 * @indent: of its elements, in spaces
 *
 * Returns: an array that was begun
 */
PostilSidecarLevel
postil_sidecar_level_enter_array (GString *out,
                                  PostilForeign *foreign,
                                  const char *object,
                                  guint indent)
{
  PostilSidecarLevel self = { .out = out, .indent = indent, .empty = TRUE };

  if (foreign)
    self.members = postil_foreign_get_part (foreign, object, &self.n_members);
  g_string_append_c (out, '[');
  return self;
}

/**
 * postil_sidecar_level_begin_element:
 * @self: an array
 *
 * Goes to where its next known element stands.
 */
void
postil_sidecar_level_begin_element (PostilSidecarLevel *self)
{
  put_elements (self, self->known);
  self->known++;
  separate (self, TRUE);
}

/**
 * postil_sidecar_level_end_array:
 * @self: an array
 *
 * Writes what is left for its end, and ends it.
 */
void
postil_sidecar_level_end_array (PostilSidecarLevel *self)
{
  put_elements (self, G_MAXUINT64);
  postil_sidecar_emit_indent (self->out, self->indent - 2);
  g_string_append_c (self->out, ']');
}

/**
 * postil_sidecar_has_elements:
 * @foreign: (nullable): what a carrier keeps of other programs
 * @object: which array of it
 *
 * Returns: whether that array has foreign elements
 */
gboolean
postil_sidecar_has_elements (PostilForeign *foreign, const char *object)
{
  guint n_members;
  const PostilForeignMember *members = postil_foreign_get_part (foreign, object, &n_members);

  for (guint i = 0; i < n_members; i++)
    if (members[i].key == NULL)
      return TRUE;
  return FALSE;
}
