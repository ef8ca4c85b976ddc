/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "postil-citation.h"

#include <glib/gi18n.h>

/**
 * postil_citation_format:
 * @document: a document
 * @span: a passage of it, in code points
 *
 * Quotes a passage and says where it stands: by document and paragraph, counted from 1.
 *
 * Returns: (transfer full): the quotation as text
 */
char *
postil_citation_format (PostilDocument *document, PostilSpan span)
{
  PostilText *text;
  g_autofree char *quote = NULL;
  const char *name;
  guint first, last;

  g_return_val_if_fail (POSTIL_IS_DOCUMENT (document), NULL);

  text = postil_document_get_text (document);
  name = postil_document_get_name (document);
  quote = g_strstrip (postil_text_dup_range (text, span));
  first = postil_text_get_paragraph_at (text, span.start) + 1;
  last = postil_text_get_paragraph_at (text, MAX (span.start + 1, span.end) - 1) + 1;

  if (first == last)
    /* Translators: a quotation, the document it is from, the number of the paragraph. */
    return g_strdup_printf (_ ("“%s” (%s, paragraph %u)"), quote, name, first);
  return g_strdup_printf (_ ("“%s” (%s, paragraphs %u–%u)"), quote, name, first, last);
}
