/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "postil-environment.h"
#include "postil-foreign.h"

static void
test_members (void)
{
  const PostilForeignMember members[] = {
    { "", "", "x:a", "1e400", 5 },
    { "", "label", "x:b", "\"\\u0000\"", 8 },
    { "body", "", NULL, "{}", 2 },
  };
  g_autoptr (PostilForeign) a = postil_foreign_new (members, 3);
  g_autoptr (PostilForeign) b = postil_foreign_without (a, "", "x:a");
  g_autoptr (PostilForeign) c = postil_foreign_without (b, "", "x:b");
  g_autoptr (PostilForeign) same = postil_foreign_without (c, "", "x:b");
  guint n;

  g_assert_cmpmem (postil_foreign_find (a, "", "x:b")->value, 8, "\"\\u0000\"", 8);
  g_assert_null (postil_foreign_find (a, "body", "x:b"));
  g_assert_cmpstr (postil_foreign_get_members (b, &n)[0].key, ==, "x:b");
  g_assert_cmpuint (n, ==, 2);
  g_assert_false (postil_foreign_equal (a, b));
  g_assert_true (postil_foreign_equal (c, same));
  g_assert_null (postil_foreign_get_members (NULL, &n));
  g_assert_cmpuint (n, ==, 0);
  g_assert_null (postil_foreign_without (NULL, "", "x"));
}

/* The members of one object are found among those of many, and keep their order. */
static void
test_part (void)
{
  const PostilForeignMember members[] = {
    { "target/10", "", "x:z", "1", 1 }, { "", "", "x:a", "2", 1 },
    { "target/9", "", "x:b", "3", 1 },  { "target/10", "", "x:a", "4", 1 },
    { "target/1", "", NULL, "5", 1 },
  };
  g_autoptr (PostilForeign) foreign = postil_foreign_new (members, G_N_ELEMENTS (members));
  const PostilForeignMember *part;
  guint n;

  part = postil_foreign_get_part (foreign, "target/10", &n);
  g_assert_cmpuint (n, ==, 2);
  g_assert_cmpstr (part[0].key, ==, "x:z");
  g_assert_cmpstr (part[1].key, ==, "x:a");
  g_assert_cmpstr (postil_foreign_get_part (foreign, "target/9", &n)->value, ==, "3");
  g_assert_cmpuint (n, ==, 1);
  g_assert_null (postil_foreign_get_part (foreign, "target/2", &n));
  g_assert_cmpuint (n, ==, 0);
  g_assert_null (postil_foreign_get_part (NULL, "", &n));
}

/* UUIDs of version 5 as other implementations make them. */
static void
test_derived_id (void)
{
  g_autofree char *id = postil_environment_derive_id ("www.example.com");
  g_autofree char *again = postil_environment_derive_id ("www.example.com");

  g_assert_cmpstr (id, ==, "urn:uuid:b63cdfa4-3df9-568e-97ae-006c5b8fd652");
  g_assert_cmpstr (id, ==, again);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/foreign/members", test_members);
  g_test_add_func ("/foreign/part", test_part);
  g_test_add_func ("/environment/derived-id", test_derived_id);
  return g_test_run ();
}
