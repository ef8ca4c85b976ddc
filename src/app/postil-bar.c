/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "postil-bar.h"

#include "postil-wrap-layout.h"

/**
 * PostilBar:
 *
 * A bar across a view that says one thing in words and offers buttons for what can be done about
 * it. Slides in and out; the view that it belongs to owns it. Its message is always text that can
 * be selected, so that a reader can pass it on. Most bars never have anything to say: their widgets
 * are made when they first do.
 */
struct _PostilBar
{
  GtkWidget parent_instance;

  GtkRevealer *revealer;
  GtkImage *icon;
  GtkLabel *label;
  GtkButton *close;
  GtkBox *buttons;

  char *icon_name;
  gboolean dismissible;
};

G_DEFINE_FINAL_TYPE (PostilBar, postil_bar, GTK_TYPE_WIDGET)

enum
{
  PROP_0,
  PROP_DISMISSIBLE,
  PROP_ICON_NAME,
  N_PROPS
};

enum
{
  DISMISSED,
  N_SIGNALS
};

static GParamSpec *properties[N_PROPS];
static guint signals[N_SIGNALS];

static void
build (PostilBar *self)
{
  if (self->revealer)
    return;
  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_image_set_from_icon_name (self->icon, self->icon_name);
  gtk_widget_set_visible (GTK_WIDGET (self->close), self->dismissible);
}

static void
close_clicked_cb (PostilBar *self)
{
  postil_bar_hide (self);
  g_signal_emit (self, signals[DISMISSED], 0);
}

static void
postil_bar_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  PostilBar *self = POSTIL_BAR (object);

  switch (id)
    {
    case PROP_DISMISSIBLE:
      g_value_set_boolean (value, self->dismissible);
      break;
    case PROP_ICON_NAME:
      g_value_set_string (value, self->icon_name);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
postil_bar_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  PostilBar *self = POSTIL_BAR (object);

  switch (id)
    {
    case PROP_DISMISSIBLE:
      self->dismissible = g_value_get_boolean (value);
      break;
    case PROP_ICON_NAME:
      self->icon_name = g_value_dup_string (value);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
postil_bar_dispose (GObject *object)
{
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (object))))
    gtk_widget_unparent (child);

  G_OBJECT_CLASS (postil_bar_parent_class)->dispose (object);
}

static void
postil_bar_finalize (GObject *object)
{
  g_free (POSTIL_BAR (object)->icon_name);

  G_OBJECT_CLASS (postil_bar_parent_class)->finalize (object);
}

static void
postil_bar_class_init (PostilBarClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  const GParamFlags flags = G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS;

  object_class->get_property = postil_bar_get_property;
  object_class->set_property = postil_bar_set_property;
  object_class->dispose = postil_bar_dispose;
  object_class->finalize = postil_bar_finalize;

  /**
   * PostilBar:dismissible:
   *
   * Whether it has a button to close it.
   */
  properties[PROP_DISMISSIBLE] = g_param_spec_boolean ("dismissible", NULL, NULL, FALSE, flags);
  /**
   * PostilBar:icon-name:
   *
   * The icon before its message.
   */
  properties[PROP_ICON_NAME] =
    g_param_spec_string ("icon-name", NULL, NULL, "dialog-warning-symbolic", flags);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  /**
   * PostilBar::dismissed:
   *
   * A person closed it.
   */
  signals[DISMISSED] = g_signal_new ("dismissed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0,
                                     NULL, NULL, NULL, G_TYPE_NONE, 0);

  g_type_ensure (POSTIL_TYPE_WRAP_LAYOUT);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_ALERT);
  gtk_widget_class_set_template_from_resource (widget_class, "/page/postil/Postil/postil-bar.ui");
  gtk_widget_class_bind_template_child (widget_class, PostilBar, revealer);
  gtk_widget_class_bind_template_child (widget_class, PostilBar, icon);
  gtk_widget_class_bind_template_child (widget_class, PostilBar, label);
  gtk_widget_class_bind_template_child (widget_class, PostilBar, close);
  gtk_widget_class_bind_template_child (widget_class, PostilBar, buttons);
  gtk_widget_class_bind_template_callback (widget_class, close_clicked_cb);
}

static void
postil_bar_init (PostilBar *self)
{
  gtk_widget_set_visible (GTK_WIDGET (self), FALSE);
}

/**
 * postil_bar_new:
 *
 * Returns: (transfer floating): a bar that is hidden as yet
 */
GtkWidget *
postil_bar_new (void)
{
  return g_object_new (POSTIL_TYPE_BAR, NULL);
}

/**
 * postil_bar_show:
 * @self: a bar
 * @message: what it says, translated
 *
 * Slides it in.
 */
void
postil_bar_show (PostilBar *self, const char *message)
{
  g_return_if_fail (POSTIL_IS_BAR (self));
  g_return_if_fail (message != NULL);

  build (self);
  gtk_label_set_label (self->label, message);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, message,
                                  -1);
  gtk_widget_set_visible (GTK_WIDGET (self), TRUE);
  gtk_revealer_set_reveal_child (self->revealer, TRUE);
}

/**
 * postil_bar_hide:
 * @self: a bar
 *
 * Slides it out.
 */
void
postil_bar_hide (PostilBar *self)
{
  g_return_if_fail (POSTIL_IS_BAR (self));

  if (self->revealer)
    gtk_revealer_set_reveal_child (self->revealer, FALSE);
}

/**
 * postil_bar_get_shown:
 * @self: a bar
 *
 * Returns: whether it is shown, or about to be
 */
gboolean
postil_bar_get_shown (PostilBar *self)
{
  g_return_val_if_fail (POSTIL_IS_BAR (self), FALSE);

  return self->revealer && gtk_revealer_get_reveal_child (self->revealer);
}

/**
 * postil_bar_clear_buttons:
 * @self: a bar
 *
 * Takes all of its buttons away.
 */
void
postil_bar_clear_buttons (PostilBar *self)
{
  GtkWidget *child;

  g_return_if_fail (POSTIL_IS_BAR (self));

  if (!self->revealer)
    return;
  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self->buttons))))
    gtk_box_remove (self->buttons, child);
  gtk_widget_set_visible (GTK_WIDGET (self->buttons), FALSE);
}

/**
 * postil_bar_add_button:
 * @self: a bar
 * @label: what the button says, translated, with a mnemonic
 * @action: the action that it activates
 * @target: (nullable): the action's parameter
 *
 * Adds a button behind the others.
 */
void
postil_bar_add_button (PostilBar *self, const char *label, const char *action, const char *target)
{
  GtkWidget *button;

  g_return_if_fail (POSTIL_IS_BAR (self));
  g_return_if_fail (label != NULL);
  g_return_if_fail (action != NULL);

  build (self);
  button = gtk_button_new_with_mnemonic (label);
  gtk_actionable_set_action_name (GTK_ACTIONABLE (button), action);
  if (target)
    gtk_actionable_set_action_target (GTK_ACTIONABLE (button), "s", target);
  gtk_box_append (self->buttons, button);
  gtk_widget_set_visible (GTK_WIDGET (self->buttons), TRUE);
}
