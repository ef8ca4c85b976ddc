/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "postil-difference.h"

#include <math.h>
#include <string.h>

/*
 * The middle-snake algorithm of E. W. Myers ("An O(ND) Difference Algorithm and Its Variations",
 * Algorithmica 1, 1986), in linear space. What has little in common is cut at the furthest point
 * found after some effort, so that time stays near linear; the result is then right, but not the
 * shortest.
 */

/* Least number of differences that are looked through before a cut is made. */
#define MIN_EFFORT 256

typedef struct
{
  const guint32 *a;
  const guint32 *b;
  guint8 *changed_a;
  guint8 *changed_b;
  int effort;
  /* How far the paths of each diagonal lead, forward from the start and backward from the end. */
  int *forward;
  int *backward;
} Difference;

/* A stretch of both sequences. */
typedef struct
{
  int a_start;
  int a_end;
  int b_start;
  int b_end;
} Box;

/* Where the paths are to be cut that led furthest, after too much effort. */
static void
cut (Difference *self, const Box *box, const int *range, int *a, int *b)
{
  int best_forward = -1, best_backward = G_MAXINT, x, y;
  int forward_a = 0, backward_a = 0;

  for (int d = range[1]; d >= range[0]; d -= 2)
    {
      x = MIN (self->forward[d], box->a_end);
      y = x - d;
      if (y > box->b_end)
        {
          y = box->b_end;
          x = y + d;
        }
      if (x + y > best_forward)
        {
          best_forward = x + y;
          forward_a = x;
        }
    }
  for (int d = range[3]; d >= range[2]; d -= 2)
    {
      x = MAX (self->backward[d], box->a_start);
      y = x - d;
      if (y < box->b_start)
        {
          y = box->b_start;
          x = y + d;
        }
      if (x + y < best_backward)
        {
          best_backward = x + y;
          backward_a = x;
        }
    }

  if (best_forward - box->a_start - box->b_start > box->a_end + box->b_end - best_backward)
    {
      *a = forward_a;
      *b = best_forward - forward_a;
    }
  else
    {
      *a = backward_a;
      *b = best_backward - backward_a;
    }
}

/* Widens a range of diagonals by one on both sides, but not beyond those that cross the box. */
static void
widen (int *paths, int *range, int lowest, int highest, int nowhere)
{
  if (range[0] > lowest)
    paths[--range[0] - 1] = nowhere;
  else
    range[0]++;
  if (range[1] < highest)
    paths[++range[1] + 1] = nowhere;
  else
    range[1]--;
}

/* A point on a shortest path through @box, where paths from both ends meet. */
static void
find_middle (Difference *self, const Box *box, int *a, int *b)
{
  int lowest = box->a_start - box->b_end, highest = box->a_end - box->b_start;
  int first = box->a_start - box->b_start, last = box->a_end - box->b_end;
  int range[] = { first, first, last, last };
  gboolean is_odd = ((first - last) & 1) != 0;

  self->forward[first] = box->a_start;
  self->backward[last] = box->a_end;
  for (int effort = 1;; effort++)
    {
      widen (self->forward, range, lowest, highest, -1);
      for (int d = range[1]; d >= range[0]; d -= 2)
        {
          int x = MAX (self->forward[d - 1] + 1, self->forward[d + 1]);

          for (; x < box->a_end && x - d < box->b_end && self->a[x] == self->b[x - d]; x++)
            ;
          self->forward[d] = x;
          if (is_odd && range[2] <= d && d <= range[3] && self->backward[d] <= x)
            {
              *a = x;
              *b = x - d;
              return;
            }
        }

      widen (self->backward, range + 2, lowest, highest, G_MAXINT);
      for (int d = range[3]; d >= range[2]; d -= 2)
        {
          int x = MIN (self->backward[d - 1], self->backward[d + 1] - 1);

          for (; x > box->a_start && x - d > box->b_start && self->a[x - 1] == self->b[x - d - 1];
               x--)
            ;
          self->backward[d] = x;
          if (!is_odd && range[0] <= d && d <= range[1] && x <= self->forward[d])
            {
              *a = x;
              *b = x - d;
              return;
            }
        }

      if (effort >= self->effort)
        {
          cut (self, box, range, a, b);
          return;
        }
    }
}

static void
compare (Difference *self, Box box)
{
  int a, b;

  for (;;)
    {
      for (; box.a_start < box.a_end && box.b_start < box.b_end &&
             self->a[box.a_start] == self->b[box.b_start];
           box.a_start++)
        box.b_start++;
      for (; box.a_start < box.a_end && box.b_start < box.b_end &&
             self->a[box.a_end - 1] == self->b[box.b_end - 1];
           box.a_end--)
        box.b_end--;
      if (box.a_start == box.a_end || box.b_start == box.b_end)
        break;

      find_middle (self, &box, &a, &b);
      compare (self, (Box){ box.a_start, a, box.b_start, b });
      box.a_start = a;
      box.b_start = b;
    }
  memset (self->changed_a + box.a_start, TRUE, box.a_end - box.a_start);
  memset (self->changed_b + box.b_start, TRUE, box.b_end - box.b_start);
}

/**
 * postil_difference_find:
 * @a: (array length=n_a): numbers
 * @n_a: how many, less than 2³¹
 * @b: (array length=n_b): other ones
 * @n_b: how many, less than 2³¹
 * @changed_a: (array length=n_a): set to %TRUE for each that @b lacks; the caller has cleared it
 * @changed_b: (array length=n_b): the same for what @a lacks
 *
 * Finds what two sequences have in common in the same order.
 */
void
postil_difference_find (const guint32 *a,
                        guint n_a,
                        const guint32 *b,
                        guint n_b,
                        guint8 *changed_a,
                        guint8 *changed_b)
{
  gsize n = (gsize) n_a + n_b;
  /* One more diagonal on each side than cross the box, and the middle one. */
  g_autofree int *forward = g_new (int, n + 3);
  g_autofree int *backward = g_new (int, n + 3);
  Difference self = { a,
                      b,
                      changed_a,
                      changed_b,
                      MAX (MIN_EFFORT, (int) sqrt (n)),
                      forward + n_b + 1,
                      backward + n_b + 1 };

  compare (&self, (Box){ 0, n_a, 0, n_b });
}
