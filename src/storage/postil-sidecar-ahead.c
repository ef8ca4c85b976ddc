/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "postil-sidecar-ahead.h"

#include <string.h>

/*
 * PostilSidecarAhead: a second thread that reads the later half of the annotations while the reader
 * reads the first one. It begins where one seems to begin and reads as long as they are as Postil
 * writes them (#PostilSidecarOwn), with what is known of annotators and topics by then. The reader
 * owns it, and takes what it read once it has come to the very place where that began: then it is
 * just what the reader would make of it. Otherwise it is for nothing, and nothing else.
 */
struct _PostilSidecarAhead
{
  PostilJsonScanner scanner;
  PostilSidecarNames *names;
  PostilSidecarOwn *own;
  PostilSidecarContext context;
  GThread *thread;
  gint stopped;
  const char *start;
  /* Behind the last annotation that was read. */
  const char *end;
  GPtrArray *annotations;
};

/* What is shorter is read before a thread has begun, in bytes. */
#define MIN_BYTES (1024 * 1024)

/* (nullable): the first place from @at on where an annotation seems to begin. */
static const char *
find_start (const PostilJsonScanner *scanner, const char *at)
{
  PostilJsonScanner guess = *scanner;

  while ((at = memchr (at, '{', scanner->end - at)) != NULL)
    {
      guess.at = ++at;
      postil_json_scanner_skip_space (&guess);
      if (scanner->end - guess.at > 4 && memcmp (guess.at, "\"id\"", 4) == 0)
        return at - 1;
    }
  return NULL;
}

static gpointer
read_in_thread (gpointer data)
{
  PostilSidecarAhead *self = data;
  PostilAnnotation *annotation;
  guint n = 1;

  do
    {
      annotation = postil_sidecar_own_read (self->own, &self->context);
      if (annotation)
        {
          g_ptr_array_add (self->annotations, annotation);
          self->end = self->scanner.at;
        }
    }
  while (annotation && !g_atomic_int_get (&self->stopped) &&
         postil_json_scanner_next_element (&self->scanner, &n));
  return NULL;
}

static void
join (PostilSidecarAhead *self)
{
  if (self->thread)
    g_thread_join (g_steal_pointer (&self->thread));
}

/**
 * postil_sidecar_ahead_new:
 * @scanner: a scanner at the first of many annotations
 * @names: the annotators and topics that are known by now
 * @context: what the annotations are read against; must outlive what is returned
 *
 * Returns: (transfer full) (nullable): a thread that reads ahead, if that may be of use
 */
PostilSidecarAhead *
postil_sidecar_ahead_new (const PostilJsonScanner *scanner,
                          PostilSidecarNames *names,
                          const PostilSidecarContext *context)
{
  g_autoptr (PostilSidecarAhead) self = NULL;
  const char *start;

  if (scanner->end - scanner->at < MIN_BYTES || g_get_num_processors () == 1 ||
      !postil_sidecar_own_can_read (context))
    return NULL;
  start = find_start (scanner, scanner->at + (scanner->end - scanner->at) / 2);
  if (start == NULL)
    return NULL;

  self = g_new0 (PostilSidecarAhead, 1);
  self->scanner = *scanner;
  self->scanner.at = start;
  self->names = postil_sidecar_names_new_sealed (&self->scanner, names);
  self->own = postil_sidecar_own_new (&self->scanner, self->names);
  self->context = *context;
  self->start = start;
  self->end = start;
  self->annotations = g_ptr_array_new_with_free_func ((GDestroyNotify) postil_annotation_unref);
  self->thread = g_thread_try_new ("postil-ahead", read_in_thread, self, NULL);
  return self->thread ? g_steal_pointer (&self) : NULL;
}

void
postil_sidecar_ahead_free (PostilSidecarAhead *self)
{
  g_atomic_int_set (&self->stopped, TRUE);
  join (self);
  postil_sidecar_own_free (self->own);
  postil_sidecar_names_free (self->names);
  g_ptr_array_unref (self->annotations);
  g_free (self);
}

/**
 * postil_sidecar_ahead_is_reached:
 * @self: what reads ahead
 * @scanner: where its owner has come to
 *
 * Returns: whether that is where it began, or beyond: then postil_sidecar_ahead_take() is to be
 *   called, and @self is of no further use
 */
gboolean
postil_sidecar_ahead_is_reached (PostilSidecarAhead *self, const PostilJsonScanner *scanner)
{
  return scanner->at >= self->start;
}

/**
 * postil_sidecar_ahead_take:
 * @self: what reads ahead
 * @scanner: a scanner at an annotation
 * @annotations: (element-type PostilAnnotation): what was read is appended here
 *
 * Waits for what was read from @scanner's place on, if it began there, and goes on behind it.
 *
 * Returns: how many annotations that were
 */
guint
postil_sidecar_ahead_take (PostilSidecarAhead *self,
                           PostilJsonScanner *scanner,
                           GPtrArray *annotations)
{
  guint n;

  if (scanner->at != self->start)
    return 0;
  join (self);
  n = self->annotations->len;
  scanner->at = self->end;
  g_ptr_array_extend_and_steal (annotations, g_steal_pointer (&self->annotations));
  self->annotations = g_ptr_array_new ();
  return n;
}
