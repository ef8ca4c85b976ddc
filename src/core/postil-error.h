/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * PostilError:
 * @POSTIL_ERROR_BINARY: the file is not text
 * @POSTIL_ERROR_TOO_LARGE: more than Postil's limit
 * @POSTIL_ERROR_SYNTAX: not well-formed JSON, or not UTF-8
 * @POSTIL_ERROR_NOT_ANNOTATIONS: well-formed, but nothing that Postil reads as annotations
 * @POSTIL_ERROR_CHANGED: the file was changed by another program since it was read
 * @POSTIL_ERROR_NOT_FOUND: a passage, a topic or an annotation that was asked for is not there
 * @POSTIL_ERROR_INVALID: an argument or a value that cannot be used
 *
 * Errors of Postil's own. What the system reports comes in %G_FILE_ERROR or %G_IO_ERROR. Every
 * message is one translated sentence that names the file, the place and what to do.
 */
typedef enum
{
  POSTIL_ERROR_BINARY,
  POSTIL_ERROR_TOO_LARGE,
  POSTIL_ERROR_SYNTAX,
  POSTIL_ERROR_NOT_ANNOTATIONS,
  POSTIL_ERROR_CHANGED,
  POSTIL_ERROR_NOT_FOUND,
  POSTIL_ERROR_INVALID
} PostilError;

#define POSTIL_ERROR (postil_error_quark ())
GQuark postil_error_quark (void);

G_END_DECLS
