/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "postil-environment.h"
#include "postil-snapshot.h"
#include "postil-store.h"

G_BEGIN_DECLS

/*
 * What Postil does not interpret is kept as #PostilForeign, with these names of its objects:
 *
 * carrier     object                 what it is
 * snapshot    ""                     the collection
 *             "source"               the text, "dcterms:source"; read without that, also its
 *                                    "format", "schema:sha256" and "dcterms:extent"
 *             "page"                 the first page; its "next" also stands for a "first" that is
 *                                    only named
 *             "creator", "subject"   elements of the arrays of annotators and topics
 * annotator   ""                     the annotator
 * topic       ""                     the topic
 *             "broader"              the object in "skos:broader"
 * annotation  ""                     the annotation
 *             "body/ID"              the body of the topic ID
 *             "body"                 elements among the bodies
 *             "target/N"             the target of range N, counted from 0
 *             "target/N/position"    its TextPositionSelector
 *             "target/N/quote"       its TextQuoteSelector
 *             "target/N/selector"    elements among its selectors
 *             "link/N", "link/N/…"   the same of a link's body, range N of the other passage
 *             "link/0/source"        the other document
 * note        ""                     the body of the note
 *
 * A member follows the known key that is its "after", an element as many known elements as its
 * "after" says; of bodies those are the topics, then the notes. A single body outside any array has
 * "" there. A member with a known key is a value that Postil could not write like that, such as a
 * date with a fraction, and is written in place of Postil's own. So whoever changes "modified",
 * "motivation", the label, definition, colour, parent or deprecation of a topic ("skos:prefLabel",
 * "skos:definition", "schema:color", "skos:broader", "owl:deprecated") or an annotator's "name"
 * must drop that member with postil_foreign_without(). A foreign annotation has one member, itself,
 * without a key.
 */

/**
 * PostilSidecarReport:
 * @warnings: (element-type utf8): translated sentences about what was wrong but could be read
 * @reshape: whether the file does not have the shape that Postil writes, so that it must be copied
 * aside before it is first overwritten
 * @text_changed: whether the sidecar was made for other bytes than the text's
 *
 * What reading a sidecar found out besides its contents.
 */
typedef struct
{
  GPtrArray *warnings;
  gboolean reshape;
  gboolean text_changed;
} PostilSidecarReport;

void postil_sidecar_report_clear (PostilSidecarReport *report);

PostilSnapshot *postil_sidecar_read (const char *bytes,
                                     gsize n_bytes,
                                     const char *name,
                                     const char *label,
                                     PostilText *text,
                                     const PostilEnvironment *environment,
                                     PostilStore *store,
                                     GCancellable *cancellable,
                                     PostilSidecarReport *report,
                                     GError **error);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (PostilSidecarReport, postil_sidecar_report_clear)

G_END_DECLS
