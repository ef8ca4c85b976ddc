/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "postil-late.h"

/**
 * PostilLate:
 *
 * Stands in a template for widgets that are seen later, if ever: the fewer a window is made of, the
 * sooner it is there. Its child is made when it first comes to the screen: the object called
 * "child" of a .ui file of its own, whose widgets do what they do by actions. Owned by what it is
 * in.
 */
struct _PostilLate
{
  GtkWidget parent_instance;

  char *resource;
};

G_DEFINE_FINAL_TYPE (PostilLate, postil_late, GTK_TYPE_WIDGET)

enum
{
  PROP_RESOURCE = 1,
  N_PROPERTIES
};

static GParamSpec *properties[N_PROPERTIES];

static void
postil_late_map (GtkWidget *widget)
{
  if (!gtk_widget_get_first_child (widget))
    {
      g_autoptr (GtkBuilder) builder =
        gtk_builder_new_from_resource (POSTIL_LATE (widget)->resource);

      gtk_widget_set_parent (GTK_WIDGET (gtk_builder_get_object (builder, "child")), widget);
    }

  GTK_WIDGET_CLASS (postil_late_parent_class)->map (widget);
}

static void
postil_late_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  switch (id)
    {
    case PROP_RESOURCE:
      g_value_set_string (value, POSTIL_LATE (object)->resource);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
postil_late_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  switch (id)
    {
    case PROP_RESOURCE:
      POSTIL_LATE (object)->resource = g_value_dup_string (value);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
postil_late_dispose (GObject *object)
{
  GtkWidget *child = gtk_widget_get_first_child (GTK_WIDGET (object));

  if (child)
    gtk_widget_unparent (child);

  G_OBJECT_CLASS (postil_late_parent_class)->dispose (object);
}

static void
postil_late_finalize (GObject *object)
{
  g_free (POSTIL_LATE (object)->resource);

  G_OBJECT_CLASS (postil_late_parent_class)->finalize (object);
}

static void
postil_late_class_init (PostilLateClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->get_property = postil_late_get_property;
  object_class->set_property = postil_late_set_property;
  object_class->dispose = postil_late_dispose;
  object_class->finalize = postil_late_finalize;
  widget_class->map = postil_late_map;

  /**
   * PostilLate:resource:
   *
   * The path of the resource with the .ui file of its child.
   */
  properties[PROP_RESOURCE] =
    g_param_spec_string ("resource", NULL, NULL, NULL,
                         G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPERTIES, properties);

  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
}

static void
postil_late_init (PostilLate *self)
{
}
