/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "postil-review-words.h"

#include <string.h>

#include <glib/gi18n-lib.h>

#include "postil-annotation-words.h"
#include "postil-word-diff.h"

/*
 * How the window shows what a changed text did to an annotation: what its passage was, what it is,
 * which words differ. Marks are shapes first, colours only beside them.
 */

/* How much of a passage is compared, in code points; who reviews one that is longer looks at the
 * text. */
#define MAX_COMPARED 4000

/* How much of the text around a passage is shown on each side, in code points. */
#define CONTEXT 32

/* Context from this length on may have been cut; it never cuts what belongs to one letter. */
#define MIN_CUT 28

typedef enum
{
  STYLE_PLAIN,
  STYLE_CONTEXT,
  STYLE_REMOVED,
  STYLE_ADDED
} Style;

typedef struct
{
  GString *text;
  PangoAttrList *attributes;
  guint n_left;
  gboolean is_cut;
} Builder;

static void
mark (Builder *self, PangoAttribute *attribute, guint start)
{
  attribute->start_index = start;
  attribute->end_index = self->text->len;
  pango_attr_list_insert (self->attributes, attribute);
}

/* Appends a part of a text on one line, until there is enough of it. */
static void
append (Builder *self, const char *utf8, const char *end, Style style)
{
  guint start = self->text->len;

  for (; utf8 < end && self->n_left > 0; utf8 = g_utf8_next_char (utf8), self->n_left--)
    {
      gunichar c = g_utf8_get_char (utf8);

      if (!g_unichar_isspace (c) && !g_unichar_iscntrl (c))
        g_string_append_unichar (self->text, c);
      else if (self->text->len > 0 && self->text->str[self->text->len - 1] != ' ')
        g_string_append_c (self->text, ' ');
    }
  if (utf8 < end && !self->is_cut)
    g_string_append (self->text, "…");
  self->is_cut |= utf8 < end;

  switch (style)
    {
    case STYLE_CONTEXT:
      mark (self, pango_attr_foreground_alpha_new (G_MAXUINT16 * 0.62), start);
      break;
    case STYLE_REMOVED:
      mark (self, pango_attr_strikethrough_new (TRUE), start);
      mark (self, pango_attr_background_new (0xe000, 0x1b00, 0x2400), start);
      mark (self, pango_attr_background_alpha_new (G_MAXUINT16 * 0.18), start);
      break;
    case STYLE_ADDED:
      mark (self, pango_attr_underline_new (PANGO_UNDERLINE_SINGLE), start);
      mark (self, pango_attr_weight_new (PANGO_WEIGHT_BOLD), start);
      mark (self, pango_attr_background_new (0x2600, 0xa200, 0x6900), start);
      mark (self, pango_attr_background_alpha_new (G_MAXUINT16 * 0.2), start);
      break;
    case STYLE_PLAIN:
    default:
      break;
    }
}

/* Context that was cut to its length may begin or end within a word, which is left out. */
static gboolean
is_cut (const char *context)
{
  return g_utf8_strlen (context, -1) >= MIN_CUT;
}

static void
append_before (Builder *self, const char *context)
{
  const char *start = context;

  if (context == NULL)
    return;
  if (is_cut (context))
    while (*start && !g_unichar_isspace (g_utf8_get_char (start)))
      start = g_utf8_next_char (start);
  if (*start == '\0')
    start = context;
  if (is_cut (context))
    append (self, "…", "…" + strlen ("…"), STYLE_CONTEXT);
  append (self, start, context + strlen (context), STYLE_CONTEXT);
}

static void
append_after (Builder *self, const char *context)
{
  const char *end;

  if (context == NULL || self->is_cut)
    return;
  end = context + strlen (context);
  if (is_cut (context))
    while (end > context && !g_unichar_isspace (g_utf8_get_char (end)))
      end = g_utf8_prev_char (end);
  if (end == context)
    end = context + strlen (context);
  self->n_left = CONTEXT + 1;
  append (self, context, end, STYLE_CONTEXT);
  if (is_cut (context))
    append (self, "…", "…" + strlen ("…"), STYLE_CONTEXT);
}

/* Appends one of two compared texts; @runs are %NULL when there is nothing to compare it with. */
static void
append_compared (Builder *self, const char *utf8, GArray *runs, PostilWordRunKind kind)
{
  gboolean of_b = kind == POSTIL_WORD_RUN_ADDED;
  g_autoptr (GArray) side = runs ? postil_word_diff_list_side (runs, of_b) : NULL;
  guint offset = 0;

  for (guint i = 0; side && i < side->len; i++)
    {
      const PostilWordRun *run = &g_array_index (side, PostilWordRun, i);
      PostilSpan span = of_b ? run->b : run->a;
      const char *start, *end;

      if (run->kind == POSTIL_WORD_RUN_SAME)
        continue;
      start = g_utf8_offset_to_pointer (utf8, span.start - offset);
      end = g_utf8_offset_to_pointer (start, postil_span_length (span));
      append (self, utf8, start, STYLE_PLAIN);
      append (self, start, end, kind == POSTIL_WORD_RUN_REMOVED ? STYLE_REMOVED : STYLE_ADDED);
      utf8 = end;
      offset = span.end;
    }
  append (self, utf8, utf8 + strlen (utf8), STYLE_PLAIN);
}

static Builder
begin (guint max_length)
{
  return (Builder){ g_string_new (NULL), pango_attr_list_new (), max_length };
}

static void
finish (Builder *self, PostilMarkedText *shown)
{
  *shown = (PostilMarkedText){ g_string_free (self->text, FALSE), self->attributes };
}

/* Up to @length code points of @text from @start. */
static char *
dup_some (PostilText *text, guint start, guint length)
{
  guint end = postil_text_get_length (text);

  start = MIN (start, end);
  return postil_text_dup_range (text, (PostilSpan){ start, start + MIN (length, end - start) });
}

static char *
dup_context_before (PostilText *text, guint offset)
{
  guint length = MIN (CONTEXT, offset);

  return dup_some (text, offset - length, length);
}

/* What @annotation is about now. */
static char *
dup_passage (PostilText *text, const PostilSpan *spans, guint n_spans)
{
  GString *passage = g_string_new (NULL);

  for (guint i = 0; i < n_spans; i++)
    {
      g_autofree char *part =
        dup_some (text, spans[i].start, MIN (postil_span_length (spans[i]), MAX_COMPARED + 1));

      g_string_append_printf (passage, "%s%s", i > 0 ? " … " : "", part);
    }

  return g_string_free (passage, FALSE);
}

static char *
dup_start (const char *text)
{
  const char *end = text;

  for (guint i = 0; i < MAX_COMPARED && *end; i++)
    end = g_utf8_next_char (end);

  return g_strndup (text, end - text);
}

static gboolean
differ (GArray *runs)
{
  for (guint i = 0; i < runs->len; i++)
    if (g_array_index (runs, PostilWordRun, i).kind != POSTIL_WORD_RUN_SAME)
      return TRUE;

  return FALSE;
}

static PostilStatus
get_status (PostilReviewKinds kinds)
{
  return kinds & POSTIL_REVIEW_MOVED       ? POSTIL_STATUS_MOVED
         : kinds & POSTIL_REVIEW_UNCERTAIN ? POSTIL_STATUS_UNCERTAIN
         : kinds & POSTIL_REVIEW_ORPHANED  ? POSTIL_STATUS_ORPHANED
                                           : POSTIL_STATUS_PLACED;
}

void
postil_marked_text_clear (PostilMarkedText *self)
{
  g_clear_pointer (&self->text, g_free);
  g_clear_pointer (&self->attributes, pango_attr_list_unref);
}

/**
 * postil_review_words_compare:
 * @document: a document
 * @annotation: an annotation of it
 * @max_length: how much of each is shown, in code points
 * @before: (out): what the passage was, without text when that is not known
 * @now: (out): what it is, without text when it was not found
 *
 * Shows what became of a passage.
 *
 * Returns: whether it has other words than it had, as far as both are known
 */
gboolean
postil_review_words_compare (PostilDocument *document,
                             PostilAnnotation *annotation,
                             guint max_length,
                             PostilMarkedText *before,
                             PostilMarkedText *now)
{
  Builder old = begin (max_length), new = begin (max_length);
  PostilText *text;
  PostilAnnotationFields fields;
  g_autofree char *was = NULL, *is = NULL, *context_before = NULL, *context_after = NULL;
  g_autoptr (GArray) runs = NULL;
  const PostilSelector *selectors = NULL;
  guint n_selectors = 0;

  g_return_val_if_fail (POSTIL_IS_DOCUMENT (document) && annotation != NULL, FALSE);
  g_return_val_if_fail (before != NULL && now != NULL, FALSE);

  text = postil_document_get_text (document);
  postil_annotation_get_fields (annotation, &fields);
  if (fields.anchor)
    {
      g_autofree char *quote = postil_anchor_dup_quote (fields.anchor);

      selectors = postil_anchor_get_selectors (fields.anchor, &n_selectors);
      was = dup_start (quote);
    }
  if (fields.n_spans > 0)
    {
      PostilSpan last = fields.spans[fields.n_spans - 1];
      g_autofree char *passage = dup_passage (text, fields.spans, fields.n_spans);

      is = dup_start (passage);
      context_before = dup_context_before (text, fields.spans[0].start);
      context_after = dup_some (text, last.end, CONTEXT);
    }
  if (was && *was && is)
    runs = postil_word_diff (was, strlen (was), is, strlen (is), FALSE);

  if (was && *was)
    {
      append_before (&old, selectors[0].prefix);
      append_compared (&old, was, runs, POSTIL_WORD_RUN_REMOVED);
      append_after (&old, selectors[n_selectors - 1].suffix);
    }
  if (is)
    {
      append_before (&new, context_before);
      append_compared (&new, is, runs, POSTIL_WORD_RUN_ADDED);
      append_after (&new, context_after);
    }
  finish (&old, before);
  finish (&new, now);

  return runs && differ (runs);
}

/**
 * postil_review_words_show_place:
 * @text: a text
 * @span: a place in it, in code points
 * @max_length: how much of it is shown, in code points
 * @shown: (out): the words there, and those around them
 */
void
postil_review_words_show_place (PostilText *text,
                                PostilSpan span,
                                guint max_length,
                                PostilMarkedText *shown)
{
  Builder builder = begin (max_length);
  g_autofree char *passage = NULL, *before = NULL, *after = NULL;

  g_return_if_fail (text != NULL && shown != NULL);

  passage = dup_passage (text, &span, 1);
  before = dup_context_before (text, span.start);
  after = dup_some (text, span.end, CONTEXT);
  append_before (&builder, before);
  append_compared (&builder, passage, NULL, POSTIL_WORD_RUN_ADDED);
  append_after (&builder, after);
  finish (&builder, shown);
}

/**
 * postil_review_words_dup_kinds:
 * @kinds: why a person should look at an annotation
 *
 * Returns: (transfer full): that in a word or two; empty when there is no reason
 */
char *
postil_review_words_dup_kinds (PostilReviewKinds kinds)
{
  const char *status = postil_annotation_words_get_status (get_status (kinds));

  if (status == NULL)
    return g_strdup (kinds & POSTIL_REVIEW_VERSIONS ? _ ("Two versions") : "");
  if (kinds & POSTIL_REVIEW_VERSIONS)
    /* Translators: what became of an annotation's passage, such as “Moved” */
    return g_strdup_printf (_ ("%s, two versions"), status);

  return g_strdup (status);
}

/**
 * postil_review_words_get_help:
 * @kinds: why a person should look at an annotation
 *
 * Returns: (nullable): a sentence that explains it; %NULL when there is no reason
 */
const char *
postil_review_words_get_help (PostilReviewKinds kinds)
{
  if (kinds & POSTIL_REVIEW_VERSIONS)
    return _ (
      "This annotation was changed in two places at the same time. Both versions are kept.");

  return postil_annotation_words_get_status_help (get_status (kinds));
}

/**
 * postil_review_words_get_icon:
 * @kinds: why a person should look at an annotation
 *
 * Returns: the name of an icon for that
 */
const char *
postil_review_words_get_icon (PostilReviewKinds kinds)
{
  if (kinds & POSTIL_REVIEW_ORPHANED)
    return "dialog-warning-symbolic";
  if (kinds & POSTIL_REVIEW_UNCERTAIN)
    return "postil-uncertain-symbolic";
  if (kinds & POSTIL_REVIEW_MOVED)
    return "go-jump-symbolic";
  return "edit-copy-symbolic";
}
