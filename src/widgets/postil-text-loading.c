/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "postil-text-loading.h"

/*
 * PostilTextLoading: brings the text of a document into a text view, and does what was asked for
 * meanwhile as soon as that part of the text is there, unless a person does something else before.
 * Owned by the view.
 */
struct _PostilTextLoading
{
  GtkTextBuffer *buffer;
  PostilTextScroller *scroller;
  PostilTextSelection *selection;
  PostilTextFilledFunc loaded;
  gpointer data;
  PostilViewMap *map;
  PostilTextFiller *filler;
  gboolean selection_waits;
  PostilSpan span;
  gboolean target_waits;
  guint target;
};

static void
do_what_waits (PostilTextLoading *self)
{
  if (self->map == NULL)
    return;
  if (self->selection_waits && self->span.end <= postil_view_map_get_length (self->map))
    {
      self->selection_waits = FALSE;
      postil_text_selection_set (self->selection, self->span, FALSE);
    }
  /* What comes in later would lead the scrolling astray. */
  if (self->target_waits && !postil_text_loading_is_running (self))
    {
      self->target_waits = FALSE;
      postil_text_scroller_go_to (self->scroller,
                                  postil_view_map_to_view (self->map, self->target));
    }
}

static void
filled_cb (gpointer data)
{
  PostilTextLoading *self = data;

  do_what_waits (self);
  if (postil_text_loading_is_running (self))
    postil_text_scroller_make_room (self->scroller);
  else
    self->loaded (self->data);
}

/**
 * postil_text_loading_new:
 * @buffer: the buffer of the view
 * @scroller: what scrolls the view
 * @selection: what is selected in it; all must outlive the loading
 * @loaded: called when the whole text has come in, unless it was there at once
 * @data: for @loaded
 *
 * Returns: (transfer full): a loading without a text
 */
PostilTextLoading *
postil_text_loading_new (GtkTextBuffer *buffer,
                         PostilTextScroller *scroller,
                         PostilTextSelection *selection,
                         PostilTextFilledFunc loaded,
                         gpointer data)
{
  PostilTextLoading *self;

  g_return_val_if_fail (GTK_IS_TEXT_BUFFER (buffer) && loaded != NULL, NULL);

  self = g_new0 (PostilTextLoading, 1);
  self->buffer = buffer;
  self->scroller = scroller;
  self->selection = selection;
  self->loaded = loaded;
  self->data = data;
  return self;
}

/**
 * postil_text_loading_free:
 * @self: (transfer full): a loading
 */
void
postil_text_loading_free (PostilTextLoading *self)
{
  g_return_if_fail (self != NULL);

  postil_text_loading_stop (self);
  g_free (self);
}

/**
 * postil_text_loading_begin:
 * @map: what to read, from its beginning; must stay until the loading is stopped or goes over to
 *   another
 *
 * Brings in the first piece of a text; the others come while the main loop runs.
 */
void
postil_text_loading_begin (PostilTextLoading *self, PostilViewMap *map)
{
  g_return_if_fail (self != NULL && self->map == NULL && map != NULL);

  self->map = map;
  self->filler = postil_text_filler_new (self->buffer, map, filled_cb, self);
}

/**
 * postil_text_loading_stop:
 *
 * Leaves the text as it is, and forgets what waits.
 */
void
postil_text_loading_stop (PostilTextLoading *self)
{
  g_return_if_fail (self != NULL);

  g_clear_pointer (&self->filler, postil_text_filler_free);
  self->map = NULL;
  self->selection_waits = self->target_waits = FALSE;
}

/**
 * postil_text_loading_finish:
 *
 * Brings in at once what is missing, and does what waits for it.
 */
void
postil_text_loading_finish (PostilTextLoading *self)
{
  g_return_if_fail (self != NULL && self->map != NULL);

  postil_text_filler_finish (self->filler);
  do_what_waits (self);
}

/**
 * postil_text_loading_replace:
 * @self: a loading that has finished
 * @map: another text, to be read from its beginning
 *
 * Goes over to another text.
 *
 * Returns: how much came in, in code points
 */
guint
postil_text_loading_replace (PostilTextLoading *self, PostilViewMap *map)
{
  g_return_val_if_fail (self != NULL && self->map != NULL && map != NULL, 0);

  self->map = map;
  return postil_text_filler_replace (self->filler, map);
}

/**
 * postil_text_loading_is_running:
 *
 * Returns: whether text is still coming in
 */
gboolean
postil_text_loading_is_running (PostilTextLoading *self)
{
  g_return_val_if_fail (self != NULL, FALSE);

  return self->filler != NULL && postil_text_filler_is_running (self->filler);
}

/**
 * postil_text_loading_select:
 * @span: what to select, in code points of the text
 *
 * Selects as soon as that part of the text is there.
 */
void
postil_text_loading_select (PostilTextLoading *self, PostilSpan span)
{
  g_return_if_fail (self != NULL);

  self->span = span;
  self->selection_waits = TRUE;
  do_what_waits (self);
}

/**
 * postil_text_loading_scroll_to:
 * @offset: a place in the text, in code points
 *
 * Scrolls there as soon as the text is there.
 */
void
postil_text_loading_scroll_to (PostilTextLoading *self, guint offset)
{
  g_return_if_fail (self != NULL);

  self->target = offset;
  self->target_waits = TRUE;
  do_what_waits (self);
}

/**
 * postil_text_loading_get_target:
 *
 * Returns: where to it was last asked to scroll, in code points of the text
 */
guint
postil_text_loading_get_target (PostilTextLoading *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->target;
}

/**
 * postil_text_loading_forget_selection:
 *
 * A person selects something else.
 */
void
postil_text_loading_forget_selection (PostilTextLoading *self)
{
  g_return_if_fail (self != NULL);

  self->selection_waits = FALSE;
}

/**
 * postil_text_loading_forget_target:
 *
 * A person goes elsewhere.
 */
void
postil_text_loading_forget_target (PostilTextLoading *self)
{
  g_return_if_fail (self != NULL);

  self->target_waits = FALSE;
}
