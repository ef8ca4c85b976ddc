/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "postil-summary-row.h"

/*
 * PostilSummaryRow: a row of the summary of a comparison: a part of that summary, which outlives
 * the row, and what of it the row shows. Rows that stand for several have these below them.
 */
struct _PostilSummaryRow
{
  GObject parent_instance;

  PostilSummaryRowKind kind;
  guint side;
  gconstpointer data;
};

G_DEFINE_FINAL_TYPE (PostilSummaryRow, postil_summary_row, G_TYPE_OBJECT)

static void
append (GPtrArray *rows, PostilSummaryRowKind kind, guint side, gconstpointer data)
{
  g_ptr_array_add (rows, postil_summary_row_new (kind, side, data));
}

static void
append_passages (GPtrArray *rows, GArray *passages, guint side)
{
  for (guint i = 0; i < passages->len; i++)
    append (rows, POSTIL_SUMMARY_ROW_PASSAGE, side,
            &g_array_index (passages, PostilSummaryPassage, i));
}

static void
append_groups (GPtrArray *rows, const PostilSummaryTopic *topic)
{
  if (topic->both->len > 0)
    append (rows, POSTIL_SUMMARY_ROW_BOTH, 0, topic);
  for (guint side = 0; side < 2; side++)
    if (topic->only[side]->len > 0)
      append (rows, POSTIL_SUMMARY_ROW_ONLY, side, topic);
}

static void
postil_summary_row_class_init (PostilSummaryRowClass *klass)
{
}

static void
postil_summary_row_init (PostilSummaryRow *self)
{
}

/**
 * postil_summary_row_new:
 * @kind: what it shows
 * @side: of which text, 0 or 1, where that matters
 * @data: the part of the summary: a PostilSummarySide, PostilOmission, PostilSummaryTopic or
 * PostilSummaryPassage, of the heading of topics their array, %NULL when there are none; must
 * outlive the row
 *
 * Returns: (transfer full): a row
 */
PostilSummaryRow *
postil_summary_row_new (PostilSummaryRowKind kind, guint side, gconstpointer data)
{
  PostilSummaryRow *self = g_object_new (POSTIL_TYPE_SUMMARY_ROW, NULL);

  self->kind = kind;
  self->side = side;
  self->data = data;
  return self;
}

PostilSummaryRowKind
postil_summary_row_get_kind (PostilSummaryRow *self)
{
  g_return_val_if_fail (POSTIL_IS_SUMMARY_ROW (self), 0);

  return self->kind;
}

/**
 * postil_summary_row_get_side:
 * @self: a row
 *
 * Returns: of which text it is: 0 or 1
 */
guint
postil_summary_row_get_side (PostilSummaryRow *self)
{
  g_return_val_if_fail (POSTIL_IS_SUMMARY_ROW (self), 0);

  return self->side;
}

/**
 * postil_summary_row_get_data:
 * @self: a row
 *
 * Returns: the part of the summary, of the type that its kind says
 */
gconstpointer
postil_summary_row_get_data (PostilSummaryRow *self)
{
  g_return_val_if_fail (POSTIL_IS_SUMMARY_ROW (self), NULL);

  return self->data;
}

/**
 * postil_summary_row_dup_key:
 * @self: a row with others below it
 *
 * Returns: (transfer full): what tells it from the others, also in a later summary of the same
 * texts
 */
char *
postil_summary_row_dup_key (PostilSummaryRow *self)
{
  const char *topic = "";

  g_return_val_if_fail (POSTIL_IS_SUMMARY_ROW (self), NULL);

  if (self->kind >= POSTIL_SUMMARY_ROW_TOPIC && self->kind <= POSTIL_SUMMARY_ROW_ONLY)
    topic = ((const PostilSummaryTopic *) self->data)->topic;
  return g_strdup_printf ("%d %u %s", self->kind, self->side, topic);
}

/**
 * postil_summary_row_list_children:
 * @self: a row
 *
 * Returns: (transfer full) (nullable): a list model of the rows below it; %NULL when it can have
 * none
 */
GListModel *
postil_summary_row_list_children (PostilSummaryRow *self)
{
  g_autoptr (GPtrArray) rows = g_ptr_array_new_with_free_func (g_object_unref);
  const PostilSummaryTopic *topic = self->data;
  GListStore *children;

  g_return_val_if_fail (POSTIL_IS_SUMMARY_ROW (self), NULL);

  switch (self->kind)
    {
    case POSTIL_SUMMARY_ROW_OMISSIONS:
      {
        GArray *omissions = ((const PostilSummarySide *) self->data)->omissions;

        for (guint i = 0; i < omissions->len; i++)
          append (rows, POSTIL_SUMMARY_ROW_OMISSION, self->side,
                  &g_array_index (omissions, PostilOmission, i));
        break;
      }
    case POSTIL_SUMMARY_ROW_TOPIC:
      append_groups (rows, topic);
      break;
    case POSTIL_SUMMARY_ROW_BOTH:
      append_passages (rows, topic->both, 0);
      break;
    case POSTIL_SUMMARY_ROW_ONLY:
      append_passages (rows, topic->only[self->side], self->side);
      break;
    case POSTIL_SUMMARY_ROW_SIDE:
    case POSTIL_SUMMARY_ROW_OMISSION:
    case POSTIL_SUMMARY_ROW_TOPICS:
    case POSTIL_SUMMARY_ROW_PASSAGE:
    default:
      return NULL;
    }
  if (rows->len == 0)
    return NULL;
  children = g_list_store_new (POSTIL_TYPE_SUMMARY_ROW);
  g_list_store_splice (children, 0, 0, rows->pdata, rows->len);
  return G_LIST_MODEL (children);
}
