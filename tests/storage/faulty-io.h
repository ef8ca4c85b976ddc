/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "postil-file-io.h"

G_BEGIN_DECLS

/* System calls that count down to one that fails with an error number; a write that fails may
 * write half before. On a network file system a signal may interrupt any of them.
 */
typedef struct
{
  int countdown;
  int number;
  gboolean short_writes;
  gboolean on_network;
  guint n_writes;
} FaultyIo;

extern FaultyIo faulty_io;

PostilFileIo faulty_io_begin (void);

G_END_DECLS
