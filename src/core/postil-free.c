/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "postil-free.h"

typedef struct
{
  gpointer data;
  GDestroyNotify free_func;
} Job;

static gpointer
run (gpointer data)
{
  Job *job = data;

  job->free_func (job->data);
  g_free (job);
  return NULL;
}

/**
 * postil_free_in_thread:
 * @data: (transfer full): very much that nobody else holds
 * @free_func: frees it, in any thread
 *
 * Frees something in a thread of its own, as nobody waits for it to be gone; at once where no
 * thread can be had.
 */
void
postil_free_in_thread (gpointer data, GDestroyNotify free_func)
{
  Job *job;
  GThread *thread;

  g_return_if_fail (data != NULL && free_func != NULL);

  job = g_new (Job, 1);
  *job = (Job){ data, free_func };
  thread = g_thread_try_new ("postil-free", run, job, NULL);
  if (thread != NULL)
    g_thread_unref (thread);
  else
    run (job);
}
