/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "faulty-io.h"

#include <errno.h>
#include <stdio.h>
#include <sys/file.h>
#include <unistd.h>

FaultyIo faulty_io;

static gboolean
fails (void)
{
  if (--faulty_io.countdown != 0)
    return FALSE;
  errno = faulty_io.number;
  return TRUE;
}

/* For the calls that signals interrupt on network file systems only. */
static gboolean
fails_otherwise (void)
{
  return fails () && (faulty_io.on_network || faulty_io.number != EINTR);
}

static int
faulty_open (const char *path, int flags, mode_t mode)
{
  return fails () ? -1 : postil_file_io_get_system ()->open (path, flags, mode);
}

static ssize_t
faulty_read (int fd, void *buffer, size_t size)
{
  return fails () ? -1 : read (fd, buffer, size);
}

static ssize_t
faulty_write (int fd, const void *buffer, size_t size)
{
  faulty_io.n_writes++;
  if (!fails ())
    return write (fd, buffer, size);
  /* What a full disk does: some of it, and then nothing. */
  if (!faulty_io.short_writes || size < 2)
    return -1;
  faulty_io.countdown = 1;
  return write (fd, buffer, size / 2);
}

static int
faulty_fsync (int fd)
{
  return fails () ? -1 : fsync (fd);
}

static int
faulty_fdatasync (int fd)
{
  return fails () ? -1 : fdatasync (fd);
}

static int
faulty_ftruncate (int fd, off_t size)
{
  return fails () ? -1 : ftruncate (fd, size);
}

static int
faulty_flock (int fd, int operation)
{
  return fails () ? -1 : flock (fd, operation);
}

static int
faulty_fstat (int fd, struct stat *status)
{
  return fails_otherwise () ? -1 : fstat (fd, status);
}

static int
faulty_close (int fd)
{
  gboolean failing = fails ();

  close (fd);
  return failing ? -1 : 0;
}

static int
faulty_rename (const char *from, const char *to)
{
  return fails_otherwise () ? -1 : rename (from, to);
}

static int
faulty_unlink (const char *path)
{
  return fails_otherwise () ? -1 : unlink (path);
}

static int
faulty_mkdir (const char *path, mode_t mode)
{
  return fails_otherwise () ? -1 : mkdir (path, mode);
}

/* The calls, of which none fails for now. */
PostilFileIo
faulty_io_begin (void)
{
  PostilFileIo io = *postil_file_io_get_system ();

  faulty_io = (FaultyIo){ 0 };
  io.open = faulty_open;
  io.read = faulty_read;
  io.write = faulty_write;
  io.fsync = faulty_fsync;
  io.fdatasync = faulty_fdatasync;
  io.ftruncate = faulty_ftruncate;
  io.flock = faulty_flock;
  io.fstat = faulty_fstat;
  io.close = faulty_close;
  io.rename = faulty_rename;
  io.unlink = faulty_unlink;
  io.mkdir = faulty_mkdir;
  return io;
}
