/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "postil-merge-annotation.h"

#include <string.h>

#include "postil-environment.h"
#include "postil-json-scanner.h"
#include "postil-sidecar-emitter.h"

/* What foreign members of an annotation may belong to. */
enum
{
  PROPERTY_PLACE,
  PROPERTY_ORIGIN,
  PROPERTY_MODIFIED,
  PROPERTY_LINK,
  N_PROPERTIES
};

/* One annotation as the base and both sides have it, and as it becomes for each side: the same but
 * for what both changed differently. */
typedef struct
{
  gboolean exists[POSTIL_MERGE_N_SIDES];
  PostilAnnotationFields fields[POSTIL_MERGE_N_SIDES];
  const PostilMergeText *texts;
  PostilMergeSide text;

  PostilMergeSide chosen[N_PROPERTIES];
  GPtrArray *topics;
  GPtrArray *notes[POSTIL_MERGE_N_SIDES];
  /* What each side has where both changed the same. */
  GString *conflict[POSTIL_MERGE_N_SIDES];
} Merge;

static int
get_owner (const PostilForeignMember *member)
{
  if (g_str_has_prefix (member->object, "target/"))
    return PROPERTY_PLACE;
  if (g_str_has_prefix (member->object, "link/"))
    return PROPERTY_LINK;
  if (*member->object != '\0' || member->key == NULL)
    return -1;
  if (strcmp (member->key, "target") == 0)
    return PROPERTY_PLACE;
  if (strcmp (member->key, "creator") == 0 || strcmp (member->key, "created") == 0)
    return PROPERTY_ORIGIN;
  return strcmp (member->key, POSTIL_FOREIGN_MODIFIED) == 0 ? PROPERTY_MODIFIED : -1;
}

static void
describe_anchor (GString *text, PostilAnchor *anchor, gboolean positions)
{
  guint n_selectors;
  const PostilSelector *selectors = postil_anchor_get_selectors (anchor, &n_selectors);

  for (guint i = 0; i < n_selectors; i++)
    {
      if (positions && selectors[i].has_position)
        g_string_append_printf (text, " %u-%u", selectors[i].position.start,
                                selectors[i].position.end);
      g_string_append_printf (text, "\n%s", selectors[i].exact ? selectors[i].exact : "");
      if (positions)
        g_string_append_printf (text, "\n%s\n%s", selectors[i].prefix ? selectors[i].prefix : "",
                                selectors[i].suffix ? selectors[i].suffix : "");
    }
  if (positions)
    g_string_append_printf (
      text, "\n%s\n%s", postil_anchor_get_sha256 (anchor) ? postil_anchor_get_sha256 (anchor) : "",
      postil_anchor_get_source (anchor) ? postil_anchor_get_source (anchor) : "");
}

/* All that is known of a place, or only its words, as positions in different texts say nothing of
 * one another. */
static char *
describe_place (const PostilAnnotationFields *fields, PostilText *text, gboolean positions)
{
  GString *place = g_string_new (NULL);

  g_string_append_printf (place, "%d", fields->kind);
  if (positions)
    g_string_append_printf (place, " %d", fields->status);
  for (guint i = 0; i < fields->n_spans; i++)
    if (positions || text == NULL)
      {
        g_string_append_printf (place, " %u-%u", fields->spans[i].start, fields->spans[i].end);
      }
    else
      {
        g_autofree char *words = postil_text_dup_range (text, fields->spans[i]);

        g_string_append_printf (place, "\n%s", words);
      }
  if (fields->anchor && (positions || fields->n_spans == 0))
    describe_anchor (place, fields->anchor, positions);
  if (positions)
    postil_merge_describe_owned (place, fields->foreign, get_owner, PROPERTY_PLACE);
  return g_string_free (place, FALSE);
}

static char *
describe_origin (const PostilAnnotationFields *fields)
{
  GString *origin = g_string_new (NULL);

  g_string_append_printf (origin, "%s %" G_GINT64_FORMAT, fields->creator ? fields->creator : "",
                          fields->created);
  postil_merge_describe_owned (origin, fields->foreign, get_owner, PROPERTY_ORIGIN);
  return g_string_free (origin, FALSE);
}

static char *
describe_link (const PostilAnnotationFields *fields)
{
  GString *link = g_string_new (NULL);
  const char *label = postil_link_get_label (fields->link);
  const char *from = postil_link_get_from (fields->link), *to = postil_link_get_to (fields->link);

  g_string_append_printf (link, "%d\n%s\n%s\n%s", postil_link_get_kind (fields->link),
                          label ? label : "", from ? from : "", to ? to : "");
  describe_anchor (link, postil_link_get_passage (fields->link), TRUE);
  postil_merge_describe_owned (link, fields->foreign, get_owner, PROPERTY_LINK);
  return g_string_free (link, FALSE);
}

/* Chooses the side of a property from its descriptions. Of a link, which nobody would choose a
 * version of, the later one. */
static PostilMergeSide
choose (Merge *self, const char *const *values)
{
  PostilMergeSide side = postil_merge_choose (values);
  gint64 ours = self->fields[POSTIL_MERGE_OURS].modified;
  gint64 theirs = self->fields[POSTIL_MERGE_THEIRS].modified;

  if (side == POSTIL_MERGE_BOTH && self->fields[POSTIL_MERGE_OURS].link)
    return ours == theirs  ? postil_merge_choose_greater (values)
           : ours > theirs ? POSTIL_MERGE_OURS
                           : POSTIL_MERGE_THEIRS;
  if (side == POSTIL_MERGE_BOTH)
    for (guint i = POSTIL_MERGE_OURS; i <= POSTIL_MERGE_THEIRS; i++)
      g_string_append_printf (self->conflict[i], "\n%s", values[i]);
  return side;
}

static gboolean
is_on_text (Merge *self, PostilMergeSide side)
{
  return g_strcmp0 (self->texts[side].sha256, self->texts[self->text].sha256) == 0;
}

static void
merge_place (Merge *self)
{
  gboolean same_text =
    is_on_text (self, POSTIL_MERGE_OURS) && is_on_text (self, POSTIL_MERGE_THEIRS);
  char *values[POSTIL_MERGE_N_SIDES] = { NULL };

  for (guint side = 0; side < POSTIL_MERGE_N_SIDES; side++)
    if (self->exists[side])
      values[side] = describe_place (&self->fields[side], self->texts[side].text, same_text);
  /* What was only followed through the changes of its text is right where that text is. */
  self->chosen[PROPERTY_PLACE] =
    g_strcmp0 (values[POSTIL_MERGE_OURS], values[POSTIL_MERGE_THEIRS]) == 0 && !same_text
      ? self->text
      : choose (self, (const char *const *) values);
  for (guint side = 0; side < POSTIL_MERGE_N_SIDES; side++)
    g_free (values[side]);
}

static void
merge_origin (Merge *self)
{
  char *values[POSTIL_MERGE_N_SIDES] = { NULL };

  for (guint side = 0; side < POSTIL_MERGE_N_SIDES; side++)
    if (self->exists[side])
      values[side] = describe_origin (&self->fields[side]);
  self->chosen[PROPERTY_ORIGIN] = choose (self, (const char *const *) values);
  for (guint side = 0; side < POSTIL_MERGE_N_SIDES; side++)
    g_free (values[side]);
}

static void
merge_link (Merge *self)
{
  char *values[POSTIL_MERGE_N_SIDES] = { NULL };

  for (guint side = 0; side < POSTIL_MERGE_N_SIDES; side++)
    if (self->fields[side].link)
      values[side] = describe_link (&self->fields[side]);
  self->chosen[PROPERTY_LINK] = choose (self, (const char *const *) values);
  for (guint side = 0; side < POSTIL_MERGE_N_SIDES; side++)
    g_free (values[side]);
}

/* An annotation has a topic unless one side took it away or neither gave it. */
static void
merge_topics (Merge *self)
{
  g_autoptr (GHashTable) wanted = g_hash_table_new (g_str_hash, g_str_equal);
  GHashTable *sets[POSTIL_MERGE_N_SIDES];
  GPtrArray *lists[POSTIL_MERGE_N_SIDES];

  for (guint side = 0; side < POSTIL_MERGE_N_SIDES; side++)
    {
      lists[side] = g_ptr_array_new ();
      sets[side] = g_hash_table_new (g_str_hash, g_str_equal);
      for (guint i = 0; i < self->fields[side].n_topics; i++)
        if (g_hash_table_add (sets[side], (gpointer) self->fields[side].topics[i]))
          g_ptr_array_add (lists[side], (gpointer) self->fields[side].topics[i]);
    }
  for (guint side = POSTIL_MERGE_OURS; side <= POSTIL_MERGE_THEIRS; side++)
    for (guint i = 0; i < lists[side]->len; i++)
      {
        gpointer topic = lists[side]->pdata[i];

        if (!g_hash_table_contains (sets[POSTIL_MERGE_BASE], topic) ||
            (g_hash_table_contains (sets[POSTIL_MERGE_OURS], topic) &&
             g_hash_table_contains (sets[POSTIL_MERGE_THEIRS], topic)))
          g_hash_table_add (wanted, topic);
      }
  self->topics = postil_merge_order (lists, wanted);
  for (guint side = 0; side < POSTIL_MERGE_N_SIDES; side++)
    {
      g_hash_table_unref (sets[side]);
      g_ptr_array_unref (lists[side]);
    }
}

static int
get_no_owner (const PostilForeignMember *member)
{
  return -1;
}

/* Merges the notes of one annotator, which both sides have. */
static void
merge_note (Merge *self, PostilNote *const *notes, const char *creator)
{
  const char *values[POSTIL_MERGE_N_SIDES] = { NULL };
  gint64 created[POSTIL_MERGE_N_SIDES] = { 0 };
  PostilForeign *foreign[POSTIL_MERGE_N_SIDES] = { NULL };
  g_autoptr (PostilForeign) merged = NULL;
  PostilMergeSide text, date;

  for (guint side = 0; side < POSTIL_MERGE_N_SIDES; side++)
    if (notes[side])
      {
        values[side] = postil_note_get_text (notes[side]);
        created[side] = postil_note_get_created (notes[side]);
        foreign[side] = postil_note_get_foreign (notes[side]);
      }
  text = choose (self, values);
  date = postil_merge_choose_number (created);
  merged = postil_merge_foreign (foreign, get_no_owner, NULL, NULL, 0);
  for (guint side = POSTIL_MERGE_OURS; side <= POSTIL_MERGE_THEIRS; side++)
    g_ptr_array_add (self->notes[side],
                     postil_note_new (values[text == POSTIL_MERGE_BOTH ? side : text], creator,
                                      created[date], merged));
}

static void
merge_notes (Merge *self)
{
  g_autoptr (GHashTable) wanted = g_hash_table_new (g_str_hash, g_str_equal);
  GHashTable *sets[POSTIL_MERGE_N_SIDES];
  GPtrArray *lists[POSTIL_MERGE_N_SIDES];
  g_autoptr (GPtrArray) order = NULL;

  for (guint side = 0; side < POSTIL_MERGE_N_SIDES; side++)
    {
      lists[side] = g_ptr_array_new ();
      sets[side] = g_hash_table_new (g_str_hash, g_str_equal);
      for (guint i = 0; i < self->fields[side].n_notes; i++)
        {
          PostilNote *note = self->fields[side].notes[i];
          const char *creator = postil_note_get_creator (note);

          creator = creator ? creator : "";
          if (!g_hash_table_insert (sets[side], (gpointer) creator, note))
            continue;
          g_ptr_array_add (lists[side], (gpointer) creator);
          if (side != POSTIL_MERGE_BASE)
            g_hash_table_add (wanted, (gpointer) creator);
        }
    }
  for (guint side = POSTIL_MERGE_OURS; side <= POSTIL_MERGE_THEIRS; side++)
    self->notes[side] = g_ptr_array_new_with_free_func ((GDestroyNotify) postil_note_unref);

  order = postil_merge_order (lists, wanted);
  for (guint i = 0; i < order->len; i++)
    {
      PostilNote *notes[POSTIL_MERGE_N_SIDES], *only;

      for (guint side = 0; side < POSTIL_MERGE_N_SIDES; side++)
        notes[side] = g_hash_table_lookup (sets[side], order->pdata[i]);
      if (notes[POSTIL_MERGE_OURS] && notes[POSTIL_MERGE_THEIRS])
        {
          merge_note (self, notes, postil_note_get_creator (notes[POSTIL_MERGE_OURS]));
          continue;
        }
      only = notes[POSTIL_MERGE_OURS] ? notes[POSTIL_MERGE_OURS] : notes[POSTIL_MERGE_THEIRS];
      /* An edit beats a deletion. */
      if (notes[POSTIL_MERGE_BASE] == NULL || !postil_note_equal (notes[POSTIL_MERGE_BASE], only))
        for (guint side = POSTIL_MERGE_OURS; side <= POSTIL_MERGE_THEIRS; side++)
          g_ptr_array_add (self->notes[side], postil_note_ref (only));
    }
  for (guint side = 0; side < POSTIL_MERGE_N_SIDES; side++)
    {
      g_hash_table_unref (sets[side]);
      g_ptr_array_unref (lists[side]);
    }
}

/* When it was changed, so that later is greater. */
static char *
describe_modified (const PostilAnnotationFields *fields)
{
  GString *modified = g_string_new (NULL);

  g_string_append_printf (modified, "%016" G_GINT64_MODIFIER "x",
                          (guint64) fields->modified ^ G_GUINT64_CONSTANT (0x8000000000000000));
  postil_merge_describe_owned (modified, fields->foreign, get_owner, PROPERTY_MODIFIED);
  return g_string_free (modified, FALSE);
}

/* The side that keeps the id where the sides cannot agree, %POSTIL_MERGE_BOTH where they can. */
static PostilMergeSide
merge_modified (Merge *self)
{
  gint64 ours = self->fields[POSTIL_MERGE_OURS].modified;
  gint64 theirs = self->fields[POSTIL_MERGE_THEIRS].modified;
  char *values[POSTIL_MERGE_N_SIDES] = { NULL };
  PostilMergeSide later;

  if (self->conflict[POSTIL_MERGE_OURS]->len > 0)
    {
      self->chosen[PROPERTY_MODIFIED] = POSTIL_MERGE_BOTH;
      later = ours > theirs ? POSTIL_MERGE_OURS : POSTIL_MERGE_THEIRS;
      if (ours == theirs && strcmp (self->conflict[POSTIL_MERGE_OURS]->str,
                                    self->conflict[POSTIL_MERGE_THEIRS]->str) > 0)
        later = POSTIL_MERGE_OURS;
      return later;
    }

  for (guint side = 0; side < POSTIL_MERGE_N_SIDES; side++)
    if (self->exists[side])
      values[side] = describe_modified (&self->fields[side]);
  /* The later side of a link counts by that again, when the result is merged with it. */
  if (self->fields[POSTIL_MERGE_OURS].link)
    g_clear_pointer (&values[POSTIL_MERGE_BASE], g_free);
  self->chosen[PROPERTY_MODIFIED] = postil_merge_choose_greater ((const char *const *) values);
  for (guint side = 0; side < POSTIL_MERGE_N_SIDES; side++)
    g_free (values[side]);
  return POSTIL_MERGE_BOTH;
}

/* (transfer full): the annotation as @side has it where the sides cannot agree. */
static PostilAnnotation *
build (Merge *self,
       PostilMergeSide side,
       const char *id,
       const char *version_of,
       PostilMergeSide *place)
{
  PostilForeign *foreign[POSTIL_MERGE_N_SIDES];
  PostilMergeSide sides[N_PROPERTIES];
  g_autoptr (PostilForeign) merged = NULL;
  PostilAnnotationFields fields;

  for (guint i = 0; i < N_PROPERTIES; i++)
    sides[i] = self->chosen[i] == POSTIL_MERGE_BOTH ? side : self->chosen[i];
  for (guint i = 0; i < POSTIL_MERGE_N_SIDES; i++)
    foreign[i] = self->fields[i].foreign;
  merged = postil_merge_foreign (foreign, get_owner, sides, NULL, 0);

  *place = sides[PROPERTY_PLACE];
  fields = self->fields[*place];
  fields.id = id;
  fields.version_of = version_of;
  fields.link = self->fields[sides[PROPERTY_LINK]].link;
  fields.creator = self->fields[sides[PROPERTY_ORIGIN]].creator;
  fields.created = self->fields[sides[PROPERTY_ORIGIN]].created;
  fields.modified = self->fields[sides[PROPERTY_MODIFIED]].modified;
  fields.topics = (const char *const *) self->topics->pdata;
  fields.n_topics = self->topics->len;
  fields.notes = (PostilNote *const *) self->notes[side]->pdata;
  fields.n_notes = self->notes[side]->len;
  fields.foreign = merged;
  return postil_annotation_new (&fields);
}

/* (transfer full): the id of the other version, which only what it is and says decides. */
static char *
derive_version_id (const char *id, const char *content)
{
  g_autofree char *seed = g_strconcat (id, content, NULL);

  return postil_environment_derive_id (seed);
}

/* (transfer full): a foreign annotation with another id, and what it is a version of. */
static PostilAnnotation *
rename_foreign (const PostilAnnotationFields *fields, const char *id, const char *version_of)
{
  guint n_members;
  PostilForeignMember member = *postil_foreign_get_members (fields->foreign, &n_members);
  g_autoptr (PostilForeign) foreign = NULL;
  g_autoptr (GString) names = g_string_new ("\"id\": ");
  g_autoptr (GString) raw = NULL;
  PostilAnnotationFields renamed = *fields;
  PostilJsonScanner scanner;
  PostilJsonSlice key, value, old_id = { 0 };
  gboolean has_version_of = FALSE;
  guint n = 0;

  postil_json_scanner_init (&scanner, member.value, member.n_value);
  scanner.max_depth = POSTIL_JSON_MAX_DEPTH + POSTIL_JSON_EXTRA_DEPTH;
  if (postil_json_scanner_peek (&scanner) == '{')
    {
      postil_json_scanner_enter (&scanner);
      while (postil_json_scanner_next_member (&scanner, &n, &key) &&
             postil_json_scanner_skip (&scanner, &value))
        if (postil_json_slice_is (&key, "id") && old_id.bytes == NULL)
          old_id = (PostilJsonSlice){ .bytes = key.bytes - 1,
                                      .n_bytes = value.bytes + value.n_bytes - key.bytes + 1 };
        else if (postil_json_slice_is (&key, "dcterms:isVersionOf"))
          has_version_of = TRUE;

      postil_sidecar_emit_string (names, id);
      if (!has_version_of)
        {
          g_string_append (names, ", \"dcterms:isVersionOf\": { \"id\": ");
          postil_sidecar_emit_string (names, version_of);
          g_string_append (names, " }");
        }
      if (old_id.bytes == NULL)
        {
          old_id.bytes = member.value + 1;
          g_string_prepend_c (names, ' ');
          g_string_append_c (names, n > 0 ? ',' : ' ');
        }
      raw = g_string_new_len (member.value, old_id.bytes - member.value);
      g_string_append_len (raw, names->str, names->len);
      g_string_append (raw, old_id.bytes + old_id.n_bytes);
      member.value = raw->str;
      member.n_value = raw->len;
    }

  foreign = postil_foreign_new (&member, 1);
  renamed.id = id;
  renamed.version_of = version_of;
  renamed.foreign = foreign;
  return postil_annotation_new (&renamed);
}

/* What Postil cannot show is one thing. */
static PostilAnnotation *
merge_foreign (PostilAnnotation *const *annotations,
               const PostilAnnotationFields *fields,
               PostilAnnotation **version,
               PostilMergeSide *places)
{
  PostilAnnotation *base = annotations[POSTIL_MERGE_BASE];
  const char *raw[POSTIL_MERGE_N_SIDES] = { NULL };
  PostilMergeSide first = POSTIL_MERGE_BOTH;
  guint n_members;

  if (postil_annotation_equal (annotations[POSTIL_MERGE_OURS], annotations[POSTIL_MERGE_THEIRS]))
    first = POSTIL_MERGE_OURS;
  for (PostilMergeSide side = POSTIL_MERGE_OURS; side <= POSTIL_MERGE_THEIRS; side++)
    {
      PostilMergeSide other = side == POSTIL_MERGE_OURS ? POSTIL_MERGE_THEIRS : POSTIL_MERGE_OURS;

      if (base && postil_annotation_equal (annotations[side], base))
        first = other;
      if (fields[side].kind == POSTIL_ANNOTATION_FOREIGN)
        raw[side] = postil_foreign_get_members (fields[side].foreign, &n_members)->value;
    }
  if (first == POSTIL_MERGE_BOTH)
    {
      gint64 ours = fields[POSTIL_MERGE_OURS].modified;
      gint64 theirs = fields[POSTIL_MERGE_THEIRS].modified;
      PostilMergeSide last;
      g_autofree char *id = NULL;

      first = ours != theirs ? (ours > theirs ? POSTIL_MERGE_OURS : POSTIL_MERGE_THEIRS)
              : g_strcmp0 (raw[POSTIL_MERGE_OURS], raw[POSTIL_MERGE_THEIRS]) > 0
                ? POSTIL_MERGE_OURS
                : POSTIL_MERGE_THEIRS;
      last = first == POSTIL_MERGE_OURS ? POSTIL_MERGE_THEIRS : POSTIL_MERGE_OURS;
      id = derive_version_id (fields[last].id, raw[last] ? raw[last] : "");
      if (raw[last])
        {
          *version = rename_foreign (&fields[last], id, fields[first].id);
        }
      else
        {
          PostilAnnotationFields renamed = fields[last];

          renamed.id = id;
          renamed.version_of = fields[first].id;
          *version = postil_annotation_new (&renamed);
        }
      places[1] = last;
    }
  places[0] = first;
  return postil_annotation_ref (annotations[first]);
}

/**
 * postil_merge_annotation:
 * @annotations: (array fixed-size=3): one annotation as the base (nullable) and both sides have it
 * @texts: (array fixed-size=3): the texts that the base and both sides are about
 * @text: the side whose text the result is about
 * @version: (out) (transfer full): %NULL, or another version of it where both sides changed the
 *   same thing differently
 * @places: (out) (array fixed-size=2): the sides that the places of the result and of @version are
 *   from
 *
 * Merges its place, each of its topics, each annotator's note, its dates and each member of other
 * programs by itself. What was changed last keeps the id; exchanging the sides exchanges nothing.
 * Of a link there is no other version, but what was changed last.
 *
 * Returns: (transfer full): the annotation
 */
PostilAnnotation *
postil_merge_annotation (PostilAnnotation *const *annotations,
                         const PostilMergeText *texts,
                         PostilMergeSide text,
                         PostilAnnotation **version,
                         PostilMergeSide *places)
{
  Merge merge = { .texts = texts, .text = text };
  const char *versions[POSTIL_MERGE_N_SIDES];
  PostilAnnotation *result;
  PostilMergeSide first, last, side;
  const char *id = postil_annotation_get_id (annotations[POSTIL_MERGE_OURS]);
  gboolean foreign = FALSE;

  for (side = 0; side < POSTIL_MERGE_N_SIDES; side++)
    {
      merge.exists[side] = annotations[side] != NULL;
      if (annotations[side])
        postil_annotation_get_fields (annotations[side], &merge.fields[side]);
      foreign |= annotations[side] && merge.fields[side].kind == POSTIL_ANNOTATION_FOREIGN;
      versions[side] = merge.fields[side].version_of;
    }
  /* What is a link on one side alone is another thing there. */
  foreign |= !merge.fields[POSTIL_MERGE_OURS].link != !merge.fields[POSTIL_MERGE_THEIRS].link;
  *version = NULL;
  places[1] = text;
  if (foreign)
    return merge_foreign (annotations, merge.fields, version, places);

  for (side = POSTIL_MERGE_OURS; side <= POSTIL_MERGE_THEIRS; side++)
    merge.conflict[side] = g_string_new (NULL);
  merge_place (&merge);
  merge_origin (&merge);
  merge_link (&merge);
  merge_topics (&merge);
  merge_notes (&merge);
  first = merge_modified (&merge);
  last = first == POSTIL_MERGE_OURS ? POSTIL_MERGE_THEIRS : POSTIL_MERGE_OURS;
  side = postil_merge_choose_greater (versions);
  result = build (&merge, first == POSTIL_MERGE_BOTH ? POSTIL_MERGE_OURS : first, id,
                  merge.fields[side].version_of, &places[0]);
  if (first != POSTIL_MERGE_BOTH)
    {
      g_autofree char *version_id = derive_version_id (id, merge.conflict[last]->str);

      *version = build (&merge, last, version_id, id, &places[1]);
    }

  g_ptr_array_unref (merge.topics);
  for (side = POSTIL_MERGE_OURS; side <= POSTIL_MERGE_THEIRS; side++)
    {
      g_ptr_array_unref (merge.notes[side]);
      g_string_free (merge.conflict[side], TRUE);
    }
  return result;
}

/**
 * postil_merge_annotation_leave_text:
 * @annotation: an annotation
 * @sha256: (nullable): SHA-256 of the text that its place is true for, which is not the result's
 *
 * A place that was not compared with a text is none in it, but what it was elsewhere helps to find
 * it there.
 *
 * Returns: (transfer full): the annotation without its place
 */
PostilAnnotation *
postil_merge_annotation_leave_text (PostilAnnotation *annotation, const char *sha256)
{
  g_autoptr (PostilAnchor) anchor = NULL;
  const PostilSelector *selectors;
  PostilAnnotationFields fields;
  guint n_selectors;

  postil_annotation_get_fields (annotation, &fields);
  if (fields.anchor == NULL || postil_anchor_get_sha256 (fields.anchor))
    return postil_annotation_ref (annotation);

  selectors = postil_anchor_get_selectors (fields.anchor, &n_selectors);
  anchor = postil_anchor_new (selectors, n_selectors, sha256 ? sha256 : "",
                              postil_anchor_get_source (fields.anchor));
  fields.anchor = anchor;
  return postil_annotation_new (&fields);
}
