/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "postil-sidecar-shape.h"

#include "postil-sidecar-object.h"

/* What a file of annotations is that need not be a sidecar of Postil's, found before it is read. */

/* Whether the scanner stands at a type, or an array with a type, of this name. */
static gboolean
has_type (const PostilJsonSlice *value, const char *name)
{
  PostilJsonScanner scanner;
  PostilJsonSlice string;
  guint n = 0;

  postil_json_scanner_init (&scanner, value->bytes, value->n_bytes);
  if (postil_json_scanner_peek (&scanner) == '"')
    return postil_json_scanner_read_string (&scanner, &string) &&
           postil_json_slice_is (&string, name);
  if (postil_json_scanner_peek (&scanner) != '[')
    return FALSE;
  postil_json_scanner_enter (&scanner);
  while (postil_json_scanner_next_element (&scanner, &n))
    {
      const char *at = scanner.at;

      if (postil_json_scanner_skip (&scanner, &string) && *at == '"' && has_type (&string, name))
        return TRUE;
    }
  return FALSE;
}

/* Where the id is in the object that the scanner stands at; where that stands when it has none. */
static const char *
find_reference (PostilJsonScanner *scanner)
{
  g_autoptr (GArray) ignored = g_array_new (FALSE, FALSE, sizeof (PostilSidecarKept));
  const char *found = scanner->at;
  PostilSidecarObject object;

  postil_sidecar_object_enter (&object, scanner, &postil_sidecar_form_reference, ignored, "", 0);
  while (postil_sidecar_object_next (&object) >= 0)
    {
      found = scanner->at;
      postil_json_scanner_skip (scanner, NULL);
    }
  return found;
}

/**
 * postil_sidecar_shape_find_root:
 * @scanner: a scanner that stands at the start; it stays there unless that is no annotations
 *
 * Looks what the outermost value is. In what Postil wrote that takes three members.
 *
 * Returns: what it is
 */
PostilSidecarRoot
postil_sidecar_shape_find_root (PostilJsonScanner *scanner)
{
  const char *start = scanner->at;
  PostilSidecarRoot root = POSTIL_SIDECAR_ROOT_NOTHING;
  PostilJsonSlice key, value;
  guint n = 0;

  if (postil_json_scanner_peek (scanner) == '[')
    return POSTIL_SIDECAR_ROOT_ARRAY;
  if (postil_json_scanner_peek (scanner) != '{')
    {
      postil_json_scanner_skip (scanner, NULL);
      return POSTIL_SIDECAR_ROOT_NOTHING;
    }

  postil_json_scanner_enter (scanner);
  while (postil_json_scanner_next_member (scanner, &n, &key) &&
         postil_json_scanner_skip (scanner, &value))
    {
      if (postil_json_slice_is (&key, "type") || postil_json_slice_is (&key, "@type"))
        {
          if (has_type (&value, "AnnotationCollection"))
            root = POSTIL_SIDECAR_ROOT_COLLECTION;
          else if (has_type (&value, "AnnotationPage"))
            root = POSTIL_SIDECAR_ROOT_PAGE;
          else if (has_type (&value, "Annotation"))
            root = POSTIL_SIDECAR_ROOT_ANNOTATION;
          else
            continue;
          break;
        }
      if (postil_json_slice_is (&key, "first"))
        root = POSTIL_SIDECAR_ROOT_COLLECTION;
      else if (postil_json_slice_is (&key, "items"))
        root = POSTIL_SIDECAR_ROOT_PAGE;
      else if (postil_json_slice_is (&key, "target"))
        root = POSTIL_SIDECAR_ROOT_ANNOTATION;
    }
  /* What has nothing of the kind is well-formed to its end, or that is what is wrong with it. */
  if (scanner->problem != POSTIL_JSON_PROBLEM_NONE)
    return POSTIL_SIDECAR_ROOT_NOTHING;
  if (root != POSTIL_SIDECAR_ROOT_NOTHING)
    scanner->at = start;
  return root;
}

/**
 * postil_sidecar_shape_find_source:
 * @scanner: a scanner that stands at an annotation; it stays there
 * @raw: (out): the same as it stands
 *
 * Returns: (transfer full) (nullable): what the annotation's first target is about
 */
char *
postil_sidecar_shape_find_source (PostilJsonScanner *scanner, PostilJsonSlice *raw)
{
  static const PostilSidecarForm *const forms[] = { &postil_sidecar_form_annotation,
                                                    &postil_sidecar_form_target };
  static const int wanted[] = { ANNOTATION_TARGET, TARGET_SOURCE };
  const char *start = scanner->at;
  g_autoptr (GArray) ignored = g_array_new (FALSE, FALSE, sizeof (PostilSidecarKept));
  const char *found = start;
  PostilJsonSlice string;
  char *source = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (forms) && found; i++)
    {
      PostilSidecarObject object;
      guint n = 0;

      scanner->at = found;
      if (postil_json_scanner_peek (scanner) == '[')
        {
          postil_json_scanner_enter (scanner);
          postil_json_scanner_next_element (scanner, &n);
        }
      if (postil_json_scanner_peek (scanner) != '{')
        {
          found = scanner->at;
          continue;
        }
      found = NULL;
      g_array_set_size (ignored, 0);
      postil_sidecar_object_enter (&object, scanner, forms[i], ignored, "", 0);
      for (int known; (known = postil_sidecar_object_next (&object)) >= 0;)
        {
          if (known == wanted[i])
            found = scanner->at;
          postil_json_scanner_skip (scanner, NULL);
        }
      for (guint j = 0; j < ignored->len && found == NULL; j++)
        {
          const PostilSidecarKept *kept = &g_array_index (ignored, PostilSidecarKept, j);

          if (postil_json_slice_is (&kept->key, "id"))
            found = kept->value.bytes;
        }
    }

  if (found && scanner->problem == POSTIL_JSON_PROBLEM_NONE)
    {
      scanner->at = found;
      if (postil_json_scanner_peek (scanner) == '{')
        found = find_reference (scanner);
      scanner->at = found;
      if (postil_json_scanner_peek (scanner) == '"' &&
          postil_json_scanner_read_string (scanner, &string))
        {
          source = postil_sidecar_dup_string (&string);
          *raw = (PostilJsonSlice){ .bytes = found, .n_bytes = string.n_bytes + 2 };
        }
    }
  scanner->at = start;
  return source;
}
