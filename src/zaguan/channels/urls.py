"""/hooks/<kind>/<inbox>/ for every channel."""

from django.urls import path

from zaguan.channels.views import hook

app_name = "channels"
urlpatterns = [path("<slug:kind>/<slug:public_id>/", hook, name="hook")]
