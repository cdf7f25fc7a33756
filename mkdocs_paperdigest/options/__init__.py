"""Every option of the plugin, declared once, and what is made from the declarations."""
