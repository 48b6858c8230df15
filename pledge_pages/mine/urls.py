"""Addresses of members' own pages, below ``<language>/mine/``."""

from django.urls import path, re_path

from . import offered, points, reviewed, signing_in, views, writing

app_name = "pledge_mine"

urlpatterns = [
    path("", views.home, name="home"),
    path("pledges/<uuid:key>/report/", writing.report, name="report"),
    path("seen/", views.seen, name="seen"),
    path("seen/<str:mode>/", views.seen, name="seen_by"),
    path("outcomes/", views.outcomes, name="outcomes"),
    path("outcomes/<int:pk>/reply/", writing.reply, name="reply"),
    path("outcomes/<int:pk>/appeal/", writing.appeal, name="appeal"),
    path("tasks/", offered.tasks, name="tasks"),
    path("tasks/<int:pk>/<slug:verb>/", offered.answer, name="task"),
    path("consent/", writing.consent, name="consent"),
    path("points/", points.points, name="points"),
    path("points/<int:year>/", points.points, name="points_of"),
    path("points/entries/<int:pk>/appeal/", points.appeal, name="points_appeal"),
    path("reviews/", reviewed.reviews, name="reviews"),
    path("reviews/<int:year>/own-view/", reviewed.own_view, name="own_view"),
    path("reviews/<int:year>/reply/", reviewed.review_reply, name="review_reply"),
    path("sign-in/", signing_in.sign_in, name="sign_in"),
    path("sign-out/", signing_in.sign_out, name="sign_out"),
    path("password/<str:uidb64>/<str:token>/", signing_in.password, name="password"),
    # The rest is answered here too, or the plainest 404 would differ from the others.
    re_path(r"^(?P<rest>.*)$", views.nothing),
]
