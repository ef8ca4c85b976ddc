/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include <json-glib/json-glib.h>

#include "fixture.h"

static const FixtureAnnotation annotations[] = {
  { .spans = { { 0, 3 } }, .topics = "TD", .note = "why?" },
  { .kind = POSTIL_ANNOTATION_DOCUMENT, .note = "all of it" },
};

static JsonNode *
parse (const char *json)
{
  g_autoptr (GError) error = NULL;
  JsonNode *root = json_from_string (json, &error);

  g_assert_no_error (error);
  return root;
}

static JsonArray *
get_items (JsonNode *collection)
{
  JsonObject *object = json_node_get_object (collection);

  g_assert_cmpstr (json_object_get_string_member (object, "type"), ==, "AnnotationCollection");
  return json_object_get_array_member (json_object_get_object_member (object, "first"), "items");
}

static void
test_one (void)
{
  g_autoptr (PostilSnapshot) snapshot =
    fixture_snapshot ("a.txt", "one two", annotations, G_N_ELEMENTS (annotations));
  g_autofree char *json = fixture_export ("webannotation", snapshot, NULL);
  g_autoptr (JsonNode) root = parse (json);
  JsonArray *items = get_items (root);
  g_autofree char *passage = NULL;

  g_assert_cmpuint (json_array_get_length (items), ==, 2);

  /* What a tool needs is in the annotation itself. */
  passage = json_to_string (json_array_get_element (items, 1), FALSE);
  g_assert_nonnull (strstr (passage, "Trust"));
  g_assert_nonnull (strstr (passage, "Doubt & <fear>"));
  g_assert_nonnull (strstr (passage, "Ada \\\"A\\\" <a>"));
  g_assert_nonnull (strstr (passage, "why?"));
}

static void
test_several (void)
{
  g_autoptr (PostilSnapshot) first = fixture_snapshot ("a.txt", "one two", annotations, 2);
  g_autoptr (PostilSnapshot) second = fixture_snapshot ("b.txt", "one", annotations, 1);
  g_autofree char *json = fixture_export ("webannotation", first, second);
  g_autoptr (JsonNode) root = parse (json);
  JsonArray *collections = json_node_get_array (root);

  g_assert_cmpuint (json_array_get_length (collections), ==, 2);
  g_assert_cmpuint (json_array_get_length (get_items (json_array_get_element (collections, 0))), ==,
                    2);
  g_assert_cmpuint (json_array_get_length (get_items (json_array_get_element (collections, 1))), ==,
                    1);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/webannotation/one", test_one);
  g_test_add_func ("/webannotation/several", test_several);

  return g_test_run ();
}
