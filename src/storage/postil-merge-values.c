/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "postil-merge-values.h"

#include <stdlib.h>
#include <string.h>

#include "postil-json-scanner.h"

/* All of these give the same when the sides are exchanged, and give their result again when it is
 * merged with a side once more. */

/* What tells a member from the others of its carrier: for an element of an array that is its
 * value. */
static char *
name_member (const PostilForeignMember *member)
{
  if (member->key)
    return g_strconcat (member->object, "\n\"", member->key, NULL);
  return g_strdup_printf ("%s\n%.*s", member->object, (int) member->n_value, member->value);
}

static void
scan (PostilJsonScanner *scanner, const char *value)
{
  postil_json_scanner_init (scanner, value, strlen (value));
  scanner->max_depth = POSTIL_JSON_MAX_DEPTH + POSTIL_JSON_EXTRA_DEPTH;
}

/* Adds the elements of an array, or a value that is none, to a set. */
static void
add_elements (GHashTable *elements, const char *value)
{
  PostilJsonScanner scanner;
  PostilJsonSlice raw;
  guint n = 0;

  scan (&scanner, value);
  if (postil_json_scanner_peek (&scanner) != '[')
    {
      g_hash_table_add (elements, g_strdup (value));
      return;
    }
  postil_json_scanner_enter (&scanner);
  while (postil_json_scanner_next_element (&scanner, &n) &&
         postil_json_scanner_skip (&scanner, &raw))
    g_hash_table_add (elements, g_strndup (raw.bytes, raw.n_bytes));
}

static gboolean
contains_all (GHashTable *set, GHashTable *elements)
{
  GHashTableIter iter;
  gpointer element;

  g_hash_table_iter_init (&iter, elements);
  while (g_hash_table_iter_next (&iter, &element, NULL))
    if (!g_hash_table_contains (set, element))
      return FALSE;
  return TRUE;
}

static int
compare_strings (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const char *const *) a, *(const char *const *) b);
}

/* The place of each element of a list in it, counted from 1. */
static GHashTable *
make_places (GPtrArray *list)
{
  GHashTable *places = g_hash_table_new (g_str_hash, g_str_equal);

  for (guint i = 0; list && i < list->len; i++)
    g_hash_table_insert (places, list->pdata[i], GUINT_TO_POINTER (i + 1));
  return places;
}

static const char *
peek (GPtrArray *list, guint *at, GHashTable *left)
{
  while (list && *at < list->len && !g_hash_table_contains (left, list->pdata[*at]))
    ++*at;
  return list && *at < list->len ? list->pdata[*at] : NULL;
}

/* Which of two elements comes first that head what is left of the two sides. */
static const char *
order_heads (const char *ours, const char *theirs, GHashTable *const *places)
{
  gboolean ours_is_alone = !g_hash_table_contains (places[POSTIL_MERGE_THEIRS], ours);
  gboolean theirs_is_alone = !g_hash_table_contains (places[POSTIL_MERGE_OURS], theirs);
  guint ours_was = GPOINTER_TO_UINT (g_hash_table_lookup (places[POSTIL_MERGE_BASE], ours));
  guint theirs_was = GPOINTER_TO_UINT (g_hash_table_lookup (places[POSTIL_MERGE_BASE], theirs));

  if (ours_is_alone != theirs_is_alone)
    return ours_is_alone ? ours : theirs;
  /* Where the sides contradict each other, the one that left the order as it was gives way. */
  if (!ours_is_alone && ours_was > 0 && theirs_was > 0)
    return ours_was < theirs_was ? theirs : ours;
  return strcmp (ours, theirs) <= 0 ? ours : theirs;
}

/**
 * postil_merge_choose:
 * @values: (array fixed-size=3): what the base and the sides hold; %NULL for nothing
 *
 * Returns: the side whose value stays, or %POSTIL_MERGE_BOTH when both changed it differently
 */
PostilMergeSide
postil_merge_choose (const char *const *values)
{
  const char *base = values[POSTIL_MERGE_BASE];
  const char *ours = values[POSTIL_MERGE_OURS];
  const char *theirs = values[POSTIL_MERGE_THEIRS];

  if (g_strcmp0 (ours, theirs) == 0 || g_strcmp0 (theirs, base) == 0)
    return POSTIL_MERGE_OURS;
  return g_strcmp0 (ours, base) == 0 ? POSTIL_MERGE_THEIRS : POSTIL_MERGE_BOTH;
}

/**
 * postil_merge_choose_greater:
 * @values: (array fixed-size=3): what the base and the sides hold; %NULL for nothing
 *
 * Returns: the side whose value stays; the one with the greater when both changed it differently
 */
PostilMergeSide
postil_merge_choose_greater (const char *const *values)
{
  PostilMergeSide side = postil_merge_choose (values);

  if (side != POSTIL_MERGE_BOTH)
    return side;
  return g_strcmp0 (values[POSTIL_MERGE_OURS], values[POSTIL_MERGE_THEIRS]) > 0
           ? POSTIL_MERGE_OURS
           : POSTIL_MERGE_THEIRS;
}

/**
 * postil_merge_choose_number:
 * @values: (array fixed-size=3): what the base and the sides hold
 *
 * Returns: the side whose number stays; the greater one when both changed it
 */
PostilMergeSide
postil_merge_choose_number (const gint64 *values)
{
  if (values[POSTIL_MERGE_THEIRS] == values[POSTIL_MERGE_BASE])
    return POSTIL_MERGE_OURS;
  if (values[POSTIL_MERGE_OURS] == values[POSTIL_MERGE_BASE])
    return POSTIL_MERGE_THEIRS;
  return values[POSTIL_MERGE_OURS] >= values[POSTIL_MERGE_THEIRS] ? POSTIL_MERGE_OURS
                                                                  : POSTIL_MERGE_THEIRS;
}

/**
 * postil_merge_order:
 * @lists: (array fixed-size=3) (element-type utf8): names in the order of the base and the sides,
 *   each once; %NULL for none
 * @wanted: (element-type utf8 utf8): the set of names that stay; emptied
 *
 * Puts what stays in an order that agrees with both sides, as far as they agree.
 *
 * Returns: (transfer container) (element-type utf8): the names, as @wanted had them
 */
GPtrArray *
postil_merge_order (GPtrArray *const *lists, GHashTable *wanted)
{
  GPtrArray *order = g_ptr_array_sized_new (g_hash_table_size (wanted));
  GHashTable *places[POSTIL_MERGE_N_SIDES];
  guint at[POSTIL_MERGE_N_SIDES] = { 0 };
  gpointer name;
  guint n_listed;

  for (guint side = 0; side < POSTIL_MERGE_N_SIDES; side++)
    places[side] = make_places (lists[side]);
  for (;;)
    {
      const char *ours = peek (lists[POSTIL_MERGE_OURS], &at[POSTIL_MERGE_OURS], wanted);
      const char *theirs = peek (lists[POSTIL_MERGE_THEIRS], &at[POSTIL_MERGE_THEIRS], wanted);
      const char *next = ours && theirs ? order_heads (ours, theirs, places) : ours ? ours : theirs;

      if (next == NULL)
        break;
      g_hash_table_steal_extended (wanted, next, &name, NULL);
      g_ptr_array_add (order, name);
    }

  n_listed = order->len;
  {
    GHashTableIter iter;

    g_hash_table_iter_init (&iter, wanted);
    while (g_hash_table_iter_next (&iter, &name, NULL))
      g_ptr_array_add (order, name);
    g_hash_table_steal_all (wanted);
  }
  if (order->len > n_listed)
    qsort (order->pdata + n_listed, order->len - n_listed, sizeof (gpointer), compare_strings);
  for (guint side = 0; side < POSTIL_MERGE_N_SIDES; side++)
    g_hash_table_unref (places[side]);
  return order;
}

/**
 * postil_merge_unite:
 * @a: a JSON value
 * @b: another
 *
 * Returns: (transfer full): an array of both, or of their elements; to JSON-LD a member with
 * several values. The greater of them where that would nest too deep.
 */
char *
postil_merge_unite (const char *a, const char *b)
{
  g_autoptr (GHashTable) ours = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr (GHashTable) theirs = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autofree const char **elements = NULL;
  g_autoptr (GString) array = g_string_new ("[");
  const char *greater = strcmp (a, b) > 0 ? a : b;
  PostilJsonScanner scanner;
  gboolean ours_has_all, theirs_has_all;
  guint n;

  add_elements (ours, a);
  add_elements (theirs, b);
  ours_has_all = contains_all (ours, theirs);
  theirs_has_all = contains_all (theirs, ours);
  if (ours_has_all && theirs_has_all)
    return g_strdup (greater);
  if (ours_has_all || theirs_has_all)
    return g_strdup (ours_has_all ? a : b);

  add_elements (ours, b);
  elements = (const char **) g_hash_table_get_keys_as_array (ours, &n);
  qsort (elements, n, sizeof *elements, compare_strings);
  for (guint i = 0; i < n; i++)
    g_string_append_printf (array, "%s%s", i > 0 ? ", " : "", elements[i]);
  g_string_append_c (array, ']');

  /* What the reader would refuse may not be written. */
  postil_json_scanner_init (&scanner, array->str, array->len);
  return postil_json_scanner_skip (&scanner, NULL) ? g_strdup (array->str) : g_strdup (greater);
}

/**
 * postil_merge_describe_owned:
 * @text: where it is appended
 * @foreign: (nullable): foreign members
 * @owner: tells which members belong to properties
 * @property: a property
 *
 * Appends all that foreign members say of a property.
 */
void
postil_merge_describe_owned (GString *text,
                             PostilForeign *foreign,
                             PostilMergeOwner owner,
                             int property)
{
  guint n_members;
  const PostilForeignMember *members = postil_foreign_get_members (foreign, &n_members);

  for (guint i = 0; i < n_members; i++)
    if (owner (&members[i]) == property)
      g_string_append_printf (text, "\n%s %s %s %.*s", members[i].object, members[i].after,
                              members[i].key ? members[i].key : "", (int) members[i].n_value,
                              members[i].value);
}

/* What one member of all sides becomes. */
static gboolean
merge_member (const PostilForeignMember *const *members,
              GStringChunk *strings,
              PostilForeignMember *merged)
{
  const char *values[POSTIL_MERGE_N_SIDES], *afters[POSTIL_MERGE_N_SIDES];
  PostilMergeSide side;

  for (side = 0; side < POSTIL_MERGE_N_SIDES; side++)
    {
      values[side] = members[side] ? members[side]->value : NULL;
      afters[side] = members[side] ? members[side]->after : NULL;
    }
  side = postil_merge_choose (values);
  /* An edit beats a deletion. */
  if (side == POSTIL_MERGE_BOTH &&
      (values[POSTIL_MERGE_OURS] == NULL || values[POSTIL_MERGE_THEIRS] == NULL))
    side = values[POSTIL_MERGE_OURS] ? POSTIL_MERGE_OURS : POSTIL_MERGE_THEIRS;
  if (side != POSTIL_MERGE_BOTH)
    {
      if (members[side] == NULL)
        return FALSE;
      *merged = *members[side];
    }
  else
    {
      g_autofree char *both =
        postil_merge_unite (values[POSTIL_MERGE_OURS], values[POSTIL_MERGE_THEIRS]);

      *merged = *members[POSTIL_MERGE_OURS];
      merged->value = g_string_chunk_insert (strings, both);
      merged->n_value = strlen (both);
    }
  if (afters[POSTIL_MERGE_OURS] && afters[POSTIL_MERGE_THEIRS])
    {
      merged->after = afters[postil_merge_choose_greater (afters)];
    }
  return TRUE;
}

/**
 * postil_merge_foreign:
 * @foreign: (array fixed-size=3): the members of the base and the sides; %NULL for none
 * @owner: tells which members belong to properties
 * @sides: the side that each of these properties, and its members, is from
 * @added: (array length=n_added): more members, each united with one of its key
 * @n_added: how many
 *
 * Merges each member by itself; what both sides changed gets both values.
 *
 * Returns: (transfer full) (nullable): the merged members
 */
PostilForeign *
postil_merge_foreign (PostilForeign *const *foreign,
                      PostilMergeOwner owner,
                      const PostilMergeSide *sides,
                      const PostilForeignMember *added,
                      guint n_added)
{
  g_autoptr (GHashTable) wanted = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (GStringChunk) strings = g_string_chunk_new (256);
  g_autoptr (GArray) result = g_array_new (FALSE, FALSE, sizeof (PostilForeignMember));
  g_autoptr (GPtrArray) order = NULL;
  GHashTable *by_name[POSTIL_MERGE_N_SIDES];
  GPtrArray *names[POSTIL_MERGE_N_SIDES];
  PostilForeignMember merged;

  if (n_added == 0 &&
      postil_foreign_equal (foreign[POSTIL_MERGE_OURS], foreign[POSTIL_MERGE_THEIRS]))
    return foreign[POSTIL_MERGE_OURS] ? postil_foreign_ref (foreign[POSTIL_MERGE_OURS]) : NULL;

  for (guint side = 0; side < POSTIL_MERGE_N_SIDES; side++)
    {
      guint n_members;
      const PostilForeignMember *members = postil_foreign_get_members (foreign[side], &n_members);

      by_name[side] = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
      names[side] = g_ptr_array_new ();
      for (guint i = 0; i < n_members; i++)
        {
          g_autofree char *name = owner (&members[i]) < 0 ? name_member (&members[i]) : NULL;

          if (name == NULL || g_hash_table_contains (by_name[side], name))
            continue;
          g_ptr_array_add (names[side], name);
          if (side != POSTIL_MERGE_BASE)
            g_hash_table_add (wanted, name);
          g_hash_table_insert (by_name[side], g_steal_pointer (&name), (gpointer) &members[i]);
        }
    }

  order = postil_merge_order (names, wanted);
  for (guint i = 0; i < order->len; i++)
    {
      const PostilForeignMember *members[POSTIL_MERGE_N_SIDES];

      for (guint side = 0; side < POSTIL_MERGE_N_SIDES; side++)
        members[side] = g_hash_table_lookup (by_name[side], order->pdata[i]);
      if (merge_member (members, strings, &merged))
        g_array_append_val (result, merged);
    }
  for (guint side = POSTIL_MERGE_OURS; side < POSTIL_MERGE_N_SIDES; side++)
    {
      guint n_members;
      const PostilForeignMember *members = postil_foreign_get_members (foreign[side], &n_members);

      for (guint i = 0; i < n_members; i++)
        {
          int property = owner (&members[i]);

          if (property >= 0 && sides[property] == side)
            g_array_append_val (result, members[i]);
        }
    }
  for (guint i = 0; i < n_added; i++)
    {
      PostilForeignMember *known = NULL;

      for (guint j = 0; j < result->len && known == NULL; j++)
        {
          PostilForeignMember *member = &g_array_index (result, PostilForeignMember, j);

          if (strcmp (member->object, added[i].object) == 0 &&
              g_strcmp0 (member->key, added[i].key) == 0)
            known = member;
        }
      if (known)
        {
          g_autofree char *both = postil_merge_unite (known->value, added[i].value);

          known->value = g_string_chunk_insert (strings, both);
          known->n_value = strlen (both);
        }
      else
        {
          g_array_append_val (result, added[i]);
        }
    }

  for (guint side = 0; side < POSTIL_MERGE_N_SIDES; side++)
    {
      g_hash_table_unref (by_name[side]);
      g_ptr_array_unref (names[side]);
    }
  return result->len > 0
           ? postil_foreign_new ((const PostilForeignMember *) result->data, result->len)
           : NULL;
}
