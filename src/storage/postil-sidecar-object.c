/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "postil-sidecar-object.h"

#include <string.h>

/*
 * PostilSidecarObject: walks through one object of a sidecar. It tells known keys from foreign
 * ones, keeps the latter as they stand, and refuses a key that stands twice. It lives on the stack
 * of the function that reads the object and is empty again when postil_sidecar_object_next() has
 * returned -1, which every reading must wait for.
 */

/* Whether this object has not had a foreign key yet; there are rarely more than one or two. */
static gboolean
is_new (PostilSidecarObject *self, const PostilJsonSlice *key)
{
  g_autofree char *name = postil_sidecar_dup_string (key);

  if (name == NULL)
    name = g_strndup (key->bytes, key->n_bytes);
  if (self->unknown == NULL)
    self->unknown = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  return g_hash_table_add (self->unknown, g_steal_pointer (&name));
}

/* Passes over the key that the scanner stands at if it is one that Postil writes behind the last
 * one. Returns which, or -1. */
static int
take_known (PostilSidecarObject *self)
{
  for (guint i = self->known + 1; i < self->form->n_keys; i++)
    {
      const PostilSidecarKey *key = &self->form->keys[i];

      if (postil_json_scanner_take (self->scanner, key->written, key->n_bytes + strlen ("\"\":")))
        {
          postil_json_scanner_skip_space (self->scanner);
          return i;
        }
    }
  return -1;
}

static int
find_known (PostilSidecarObject *self, const PostilJsonSlice *key)
{
  g_autoptr (GString) text = NULL;
  PostilJsonSlice plain = *key;

  if (key->escaped)
    {
      text = g_string_new (NULL);
      if (!postil_json_slice_unescape (key, text))
        return -1;
      plain = (PostilJsonSlice){ .bytes = text->str, .n_bytes = text->len };
    }
  return postil_sidecar_form_find (self->form, &plain, self->known);
}

static const char *
get_after (const PostilSidecarObject *self, int known)
{
  return known < 0 ? "" : self->form->keys[known].name;
}

/* Keeps a member that stands behind the last known key, with the scanner at its value. */
static gboolean
keep_member (PostilSidecarObject *self, const PostilJsonSlice *key)
{
  PostilSidecarKept kept = {
    .object = self->object,
    .index = self->index,
    .after = get_after (self, self->known),
    .key = *key,
  };

  if (!postil_json_scanner_skip (self->scanner, &kept.value))
    return FALSE;
  g_array_append_val (self->kept, kept);
  return TRUE;
}

/**
 * postil_sidecar_object_enter:
 * @self: (out caller-allocates): an object
 * @scanner: a scanner that stands at its opening bracket
 * @form: what kind of object it is
 * @kept: (element-type PostilSidecarKept): what is foreign is appended here
 * @object: which part of the carrier it is, for what is kept
 * @index: which of several such parts
 */
void
postil_sidecar_object_enter (PostilSidecarObject *self,
                             PostilJsonScanner *scanner,
                             const PostilSidecarForm *form,
                             GArray *kept,
                             const char *object,
                             guint index)
{
  *self = (PostilSidecarObject){
    .scanner = scanner,
    .form = form,
    .kept = kept,
    .object = object,
    .index = index,
    .known = -1,
  };
  postil_json_scanner_enter (scanner);
}

/**
 * postil_sidecar_object_next:
 * @self: an object whose last value has been read
 *
 * Goes on to the next known key, with the scanner at its value. What stands before it is kept.
 *
 * Returns: the key's index in the form; -1 at the end of the object or when something is wrong
 */
int
postil_sidecar_object_next (PostilSidecarObject *self)
{
  PostilJsonScanner *scanner = self->scanner;

  while (postil_json_scanner_next (scanner, &self->n_members, '}'))
    {
      const char *start = scanner->at;
      int known = take_known (self);
      PostilJsonSlice key;

      if (known < 0 || (self->seen >> known) & 1)
        {
          scanner->at = start;
          if (!postil_json_scanner_read_key (scanner, &key))
            break;
          known = find_known (self, &key);
          if (known >= 0 ? (self->seen >> known) & 1 : !is_new (self, &key))
            {
              if (self->duplicate.bytes == NULL)
                self->duplicate = key;
              known = -1;
            }
        }
      if (known >= 0)
        {
          self->seen |= 1u << known;
          self->known = known;
          self->value = scanner->at;
          return known;
        }
      if (!keep_member (self, &key))
        break;
    }

  g_clear_pointer (&self->unknown, g_hash_table_unref);
  return -1;
}

/**
 * postil_sidecar_refuse_duplicate:
 * @scanner: the scanner
 * @key: a key that stands twice in one object; no bytes for none
 *
 * Ends the scan because of an object that cannot be read as Postil's own. One that stays foreign
 * may say what it likes.
 */
void
postil_sidecar_refuse_duplicate (PostilJsonScanner *scanner, const PostilJsonSlice *key)
{
  if (key->bytes == NULL || scanner->problem != POSTIL_JSON_PROBLEM_NONE)
    return;
  scanner->key = *key;
  postil_json_scanner_fail (scanner, POSTIL_JSON_PROBLEM_DUPLICATE, key->bytes - 1);
}

/**
 * postil_sidecar_object_get_value:
 *
 * Returns: the value of the present key as far as it has been read
 */
PostilJsonSlice
postil_sidecar_object_get_value (const PostilSidecarObject *self)
{
  return (PostilJsonSlice){ .bytes = self->value, .n_bytes = self->scanner->at - self->value };
}

/**
 * postil_sidecar_object_keep:
 * @self: an object at the value of a known key, or behind it
 *
 * Keeps the value as it stands, because Postil could not write just that.
 */
void
postil_sidecar_object_keep (PostilSidecarObject *self)
{
  const PostilSidecarKey *key = &self->form->keys[self->known];
  /* It goes where it was: behind the known key that the writer writes before it. */
  PostilSidecarKept kept = {
    .object = self->object,
    .index = self->index,
    .after = get_after (self, self->known - 1),
    .key = { .bytes = key->name, .n_bytes = key->n_bytes },
  };

  if (self->scanner->at == self->value && !postil_json_scanner_skip (self->scanner, NULL))
    return;
  kept.value = postil_sidecar_object_get_value (self);
  g_array_append_val (self->kept, kept);
}

/**
 * postil_sidecar_object_read_string:
 * @self: an object at the value of a known key
 * @string: (out): the string as it stands
 *
 * Returns: whether the value is a string; anything else is kept
 */
gboolean
postil_sidecar_object_read_string (PostilSidecarObject *self, PostilJsonSlice *string)
{
  if (postil_json_scanner_peek (self->scanner) == '"')
    return postil_json_scanner_read_string (self->scanner, string);
  postil_sidecar_object_keep (self);
  return FALSE;
}

/**
 * postil_sidecar_object_dup_string:
 * @self: an object at the value of a known key
 *
 * Returns: (transfer full) (nullable): the string; %NULL when it is none, or none that UTF-8 can
 *   hold, and the value was kept
 */
char *
postil_sidecar_object_dup_string (PostilSidecarObject *self)
{
  PostilJsonSlice string;
  char *text;

  if (!postil_sidecar_object_read_string (self, &string))
    return NULL;
  text = postil_sidecar_dup_string (&string);
  if (text == NULL)
    postil_sidecar_object_keep (self);
  return text;
}

/* The two digits at @at. */
static inline int
read_pair (const char *at)
{
  return (at[0] - '0') * 10 + (at[1] - '0');
}

/* Days since 1970-01-01 in the proleptic Gregorian calendar, after Howard Hinnant, "chrono-
 * compatible low-level date algorithms": years begin in March, so that leap days end them. */
static gint64
count_days (int year, int month, int day)
{
  int era;
  guint year_of_era, day_of_year;

  year -= month <= 2;
  era = year / 400;
  year_of_era = year - era * 400;
  day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
  return era * G_GINT64_CONSTANT (146097) + year_of_era * 365 + year_of_era / 4 -
         year_of_era / 100 + day_of_year - 719468;
}

static int
get_n_days (int year, int month)
{
  static const guint8 n_days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
  gboolean leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);

  return n_days[month - 1] + (month == 2 && leap);
}

/**
 * postil_sidecar_object_read_date:
 * @self: an object at the value of a known key
 *
 * Reads a date; one that Postil would write in another way is also kept.
 *
 * Returns: seconds since the Unix epoch, 0 when it is no date
 */
gint64
postil_sidecar_object_read_date (PostilSidecarObject *self)
{
  g_autoptr (GDateTime) parsed = NULL;
  g_autofree char *text = NULL;
  PostilJsonSlice string;
  gint64 date;

  if (!postil_sidecar_object_read_string (self, &string))
    return 0;
  if (postil_sidecar_parse_date (&string, &date))
    return date;
  postil_sidecar_object_keep (self);
  text = postil_sidecar_dup_string (&string);
  if (text)
    parsed = g_date_time_new_from_iso8601 (text, NULL);
  return parsed ? g_date_time_to_unix (parsed) : 0;
}

/**
 * postil_sidecar_object_expect:
 * @self: an object at the value of a known key
 * @text: the string that Postil would write there
 *
 * Passes over the value, and keeps it if it is not that string.
 */
void
postil_sidecar_object_expect (PostilSidecarObject *self, const char *text)
{
  PostilJsonSlice string;

  if (postil_sidecar_object_read_string (self, &string) && !postil_json_slice_is (&string, text))
    postil_sidecar_object_keep (self);
}

/**
 * postil_sidecar_parse_date:
 * @string: a string as it stands
 * @date: (out): seconds since the Unix epoch, not 0
 *
 * Returns: whether it is a date in just the form that Postil writes: YYYY-MM-DDThh:mm:ssZ
 */
gboolean
postil_sidecar_parse_date (const PostilJsonSlice *string, gint64 *date)
{
  static const char form[] = "0000-00-00T00:00:00Z";
  const char *at = string->bytes;
  int year, month, day, hour, minute, second;

  if (string->n_bytes != sizeof form - 1)
    return FALSE;
  for (guint i = 0; i < sizeof form - 1; i++)
    if (form[i] == '0' ? (guint8) (at[i] - '0') > 9 : at[i] != form[i])
      return FALSE;

  year = read_pair (at) * 100 + read_pair (at + 2);
  month = read_pair (at + 5);
  day = read_pair (at + 8);
  hour = read_pair (at + 11);
  minute = read_pair (at + 14);
  second = read_pair (at + 17);
  if (year < 1 || month < 1 || month > 12 || day < 1 || day > get_n_days (year, month) ||
      hour > 23 || minute > 59 || second > 59)
    return FALSE;
  *date = count_days (year, month, day) * 86400 + hour * 3600 + minute * 60 + second;
  return *date != 0;
}

/**
 * postil_sidecar_dup_string:
 * @string: a string as it stands
 *
 * Returns: (transfer full) (nullable): what it stands for; %NULL when UTF-8 cannot hold that
 */
char *
postil_sidecar_dup_string (const PostilJsonSlice *string)
{
  g_autoptr (GString) text = NULL;

  if (!string->escaped)
    return g_strndup (string->bytes, string->n_bytes);
  text = g_string_sized_new (string->n_bytes);
  if (!postil_json_slice_unescape (string, text))
    return NULL;
  return g_string_free (g_steal_pointer (&text), FALSE);
}

/**
 * postil_sidecar_take_string:
 * @strings: where the result is kept
 * @string: a string as it stands
 *
 * Returns: (nullable): what it stands for; %NULL when UTF-8 cannot hold that
 */
const char *
postil_sidecar_take_string (GStringChunk *strings, const PostilJsonSlice *string)
{
  g_autofree char *text = NULL;

  if (!string->escaped)
    return g_string_chunk_insert_len (strings, string->bytes, string->n_bytes);
  text = postil_sidecar_dup_string (string);
  return text ? g_string_chunk_insert (strings, text) : NULL;
}

/**
 * postil_sidecar_insert_number:
 * @strings: where the result is kept
 * @number: any number
 *
 * Returns: its decimal digits
 */
const char *
postil_sidecar_insert_number (GStringChunk *strings, guint number)
{
  char digits[16];

  g_snprintf (digits, sizeof digits, "%u", number);
  return g_string_chunk_insert (strings, digits);
}

/**
 * postil_sidecar_is_iri:
 * @id: any text
 *
 * Returns: whether it is an absolute IRI (RFC 3987), as far as its characters tell
 */
gboolean
postil_sidecar_is_iri (const char *id)
{
  enum
  {
    SCHEME = 1,
    REFUSED = 2
  };
  /* What the part before the colon is of; and what no IRI has: controls, the space and <>"{}|\\^`.
   */
  static const guint8 kinds[256] = {
    ['A' ... 'Z'] = SCHEME, ['a' ... 'z'] = SCHEME,
    ['0' ... '9'] = SCHEME, ['+'] = SCHEME,
    ['-'] = SCHEME,         ['.'] = SCHEME,
    ['<'] = REFUSED,        ['>'] = REFUSED,
    ['"'] = REFUSED,        ['{'] = REFUSED,
    ['}'] = REFUSED,        ['|'] = REFUSED,
    ['\\'] = REFUSED,       [0x01 ... 0x20] = REFUSED,
    ['^'] = REFUSED,        ['`'] = REFUSED,
  };
  const char *at = id;
  guint met = 0;

  if (!g_ascii_isalpha (*at))
    return FALSE;
  while (kinds[(guint8) *at] == SCHEME)
    at++;
  if (at[0] != ':' || at[1] == '\0')
    return FALSE;
  for (; *at != '\0'; at++)
    met |= kinds[(guint8) *at];
  return (met & REFUSED) == 0;
}

/**
 * postil_sidecar_keep_element:
 * @kept: (element-type PostilSidecarKept): where it is kept
 * @object: the array that it belongs to
 * @index: which of several such arrays
 * @after: how many elements it follows that Postil knows, as a number in decimal
 * @value: the element as it stands
 */
void
postil_sidecar_keep_element (GArray *kept,
                             const char *object,
                             guint index,
                             const char *after,
                             const PostilJsonSlice *value)
{
  PostilSidecarKept element = {
    .object = object,
    .index = index,
    .after = after,
    .value = *value,
  };

  g_array_append_val (kept, element);
}

/* Whether a key is @name, with escapes or without. */
static gboolean
is_key (const PostilJsonSlice *key, const char *name)
{
  g_autofree char *text = key->bytes && key->escaped ? postil_sidecar_dup_string (key) : NULL;

  return key->bytes && (text ? strcmp (text, name) == 0 : postil_json_slice_is (key, name));
}

/**
 * postil_sidecar_keep_old_id:
 * @kept: (element-type PostilSidecarKept): where it is kept
 * @object: which part of the carrier had it
 * @old: an id that is no IRI, in its quotes
 * @strings: what @kept refers to until it is used
 *
 * Keeps an id that Postil replaces as "via", along with what "via" had.
 */
void
postil_sidecar_keep_old_id (GArray *kept,
                            const char *object,
                            const PostilJsonSlice *old,
                            GStringChunk *strings)
{
  PostilSidecarKept via = {
    .object = object,
    .after = "id",
    .key = { .bytes = "via", .n_bytes = strlen ("via") },
    .value = *old,
  };

  for (guint i = 0; i < kept->len; i++)
    {
      PostilSidecarKept *other = &g_array_index (kept, PostilSidecarKept, i);

      if (strcmp (other->object, object) == 0 && is_key (&other->key, "via"))
        {
          g_autoptr (GString) both = g_string_new (NULL);
          PostilJsonScanner scanner;
          guint n = 0;

          g_string_append_printf (both, "[%.*s", (int) old->n_bytes, old->bytes);
          postil_json_scanner_init (&scanner, other->value.bytes, other->value.n_bytes);
          if (postil_json_scanner_peek (&scanner) == '[')
            {
              postil_json_scanner_enter (&scanner);
              if (postil_json_scanner_next_element (&scanner, &n))
                g_string_append_printf (both, ", %.*s", (int) (scanner.end - scanner.at),
                                        scanner.at);
              else
                g_string_append_c (both, ']');
            }
          else
            {
              g_string_append_printf (both, ", %.*s]", (int) other->value.n_bytes,
                                      other->value.bytes);
            }
          other->value.bytes = g_string_chunk_insert_len (strings, both->str, both->len);
          other->value.n_bytes = both->len;
          return;
        }
    }
  g_array_append_val (kept, via);
}

/**
 * postil_sidecar_make_foreign:
 * @kept: (element-type PostilSidecarKept): what was kept, with final names of its objects
 *
 * Returns: (transfer full) (nullable): the same as a value of the model; %NULL for nothing
 */
PostilForeign *
postil_sidecar_make_foreign (const GArray *kept)
{
  g_autoptr (GArray) members = NULL;
  g_autoptr (GStringChunk) keys = NULL;

  if (kept->len == 0)
    return NULL;

  members = g_array_new (FALSE, FALSE, sizeof (PostilForeignMember));
  keys = g_string_chunk_new (256);
  for (guint i = 0; i < kept->len; i++)
    {
      const PostilSidecarKept *from = &g_array_index (kept, PostilSidecarKept, i);
      PostilForeignMember member = {
        .object = from->object,
        .after = from->after,
        .key = from->key.bytes
                 ? g_string_chunk_insert_len (keys, from->key.bytes, from->key.n_bytes)
                 : NULL,
        .value = from->value.bytes,
        .n_value = from->value.n_bytes,
      };

      g_array_append_val (members, member);
    }
  return postil_foreign_new ((const PostilForeignMember *) members->data, members->len);
}
