/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "postil-json-scanner.h"

G_BEGIN_DECLS

/**
 * PostilSidecarRoot:
 * @POSTIL_SIDECAR_ROOT_NOTHING: something that has no annotations
 * @POSTIL_SIDECAR_ROOT_COLLECTION: a collection, as Postil writes it
 * @POSTIL_SIDECAR_ROOT_PAGE: a page of annotations
 * @POSTIL_SIDECAR_ROOT_ANNOTATION: one annotation
 * @POSTIL_SIDECAR_ROOT_ARRAY: an array, maybe of annotations
 *
 * What the outermost value of a file of annotations turned out to be.
 */
typedef enum
{
  POSTIL_SIDECAR_ROOT_NOTHING,
  POSTIL_SIDECAR_ROOT_COLLECTION,
  POSTIL_SIDECAR_ROOT_PAGE,
  POSTIL_SIDECAR_ROOT_ANNOTATION,
  POSTIL_SIDECAR_ROOT_ARRAY
} PostilSidecarRoot;

PostilSidecarRoot postil_sidecar_shape_find_root (PostilJsonScanner *scanner);
char *postil_sidecar_shape_find_source (PostilJsonScanner *scanner, PostilJsonSlice *raw);

G_END_DECLS
