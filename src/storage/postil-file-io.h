/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <sys/stat.h>
#include <sys/types.h>

G_BEGIN_DECLS

/**
 * PostilFileIo:
 *
 * The system calls of a save, so that tests can make each of them fail. Each member has the
 * signature, the result and the errno of the call that it is named after.
 */
typedef struct
{
  int (*open) (const char *path, int flags, mode_t mode);
  ssize_t (*read) (int fd, void *buffer, size_t size);
  ssize_t (*write) (int fd, const void *buffer, size_t size);
  int (*fsync) (int fd);
  int (*fchmod) (int fd, mode_t mode);
  int (*fstat) (int fd, struct stat *status);
  int (*close) (int fd);
  int (*rename) (const char *from, const char *to);
  int (*unlink) (const char *path);
} PostilFileIo;

const PostilFileIo *postil_file_io_get_system (void);

G_END_DECLS
