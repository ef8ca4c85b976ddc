/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "fuzz.h"
#include "postil-sidecar-item.h"
#include "postil-sidecar-own.h"

/*
 * Reads each object in some bytes as an annotation as Postil writes it. Whatever is taken for one
 * is read once more as any annotation: both come to the same, and end in the same place.
 */

static const char prose[] =
  "the café 😀 was closed.\r\nA second line, 会議 👩‍👩‍👧 again.\n";

static PostilAnnotation *
read_item (PostilJsonScanner *scanner,
           PostilSidecarNames *names,
           const PostilSidecarContext *context)
{
  g_autoptr (PostilSidecarItem) item = postil_sidecar_item_new (scanner, names);
  PostilAnnotation *annotation;
  PostilPlacement request;
  const char *sha256;

  postil_sidecar_item_read (item, context);
  g_assert_cmpint (scanner->problem, ==, POSTIL_JSON_PROBLEM_NONE);
  g_assert_true (postil_sidecar_item_is_annotation (item));
  g_assert_false (postil_sidecar_item_needs_place (item, &request, &sha256));
  g_assert_cmpuint (postil_sidecar_item_get_n_bad_positions (item), ==, 0);
  annotation = postil_sidecar_item_build (item, NULL);
  g_assert_false (postil_sidecar_item_is_reshaped (item));
  return annotation;
}

static void
check_at (const char *at, const char *end, const PostilSidecarContext *context)
{
  PostilJsonScanner scanner, other;
  g_autoptr (PostilSidecarNames) names = postil_sidecar_names_new (&scanner);
  g_autoptr (PostilSidecarNames) other_names = postil_sidecar_names_new (&other);
  g_autoptr (PostilSidecarOwn) own = postil_sidecar_own_new (&scanner, names);
  g_autoptr (PostilAnnotation) annotation = NULL, expected = NULL;

  postil_json_scanner_init (&scanner, at, end - at);
  annotation = postil_sidecar_own_read (own, context);
  g_assert_cmpint (scanner.problem, ==, POSTIL_JSON_PROBLEM_NONE);
  if (annotation == NULL)
    {
      g_assert_true (scanner.at == at);
      return;
    }
  postil_json_scanner_init (&other, at, end - at);
  expected = read_item (&other, other_names, context);
  g_assert_true (postil_annotation_equal (annotation, expected));
  g_assert_true (scanner.at == other.at);
  g_assert_cmpuint (postil_sidecar_names_get_topics (names)->len, ==,
                    postil_sidecar_names_get_topics (other_names)->len);
  g_assert_cmpuint (postil_sidecar_names_get_annotators (names)->len, ==,
                    postil_sidecar_names_get_annotators (other_names)->len);
}

/* (transfer full) (nullable): what the first target in the bytes names */
static char *
find_source (const char *bytes, gsize n_bytes)
{
  static const char type[] = "\"type\": \"SpecificResource\", \"source\": \"";
  const char *at = g_strstr_len (bytes, n_bytes, type);
  const char *end;

  if (at == NULL)
    return NULL;
  at += strlen (type);
  end = memchr (at, '"', bytes + n_bytes - at);
  return end != NULL ? g_strndup (at, end - at) : NULL;
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  static PostilText *text;
  const char *bytes = (const char *) data, *at = bytes;
  g_autofree char *source = size > 0 ? find_source (bytes, size) : NULL;
  PostilSidecarContext context = { .source = source, .trusted = TRUE };

  if (text == NULL)
    text = postil_text_new (g_strdup (prose), strlen (prose), NULL);
  context.text = text;
  while (source != NULL && (at = memchr (at, '{', bytes + size - at)) != NULL)
    check_at (at++, bytes + size, &context);
  return 0;
}
