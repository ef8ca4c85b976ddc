/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "postil-step.h"

G_BEGIN_DECLS

typedef struct _PostilPreparation PostilPreparation;

/**
 * PostilStepFunc:
 * @step: a step
 * @data: what the caller gave
 *
 * Does something with a step.
 */
typedef void (*PostilStepFunc) (PostilStep *step, gpointer data);

PostilPreparation *postil_preparation_new (PostilStep *step,
                                           GListModel *documents,
                                           PostilStepFunc compose,
                                           gpointer data,
                                           GSourceFunc ready,
                                           gpointer ready_data);
PostilStep *postil_preparation_finish (PostilPreparation *self);

G_END_DECLS
