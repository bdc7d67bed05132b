#include "learning/media/media_delivery.h"
#include "platform/base/text.h"
#include "platform/http/json.h"

namespace tuition::learning {
namespace {

using http::Access;
using http::Bucket;
using http::Method;
using http::Request;

catalogue::MediaId media_in_path(const Request& request) {
  return catalogue::MediaId(to_lower_ascii(request.param("id")));
}

http::Endpoint upload_endpoint(Learning& door) {
  auto endpoint = http::upload([&door](std::shared_ptr<const Request> request) -> Result<http::Upload> {
    const auto query = TRY(decode_pairs<UploadQuery>(request->query, Unknown::refused));
    std::optional<std::uint64_t> declared;
    if (const auto length = parse_integer(request->header("content-length")); length && *length >= 0)
      declared = static_cast<std::uint64_t>(*length);
    // Shared, because both functions of an Upload can be copied.
    const std::shared_ptr<catalogue::MediaUpload> upload = TRY(catalogue::MediaUpload::begin(
        door.catalogue, request->caller, query.purpose, query.name.value_or(""), declared));
    return http::Upload{[upload](std::string_view piece) { return upload->take(piece); },
                        [&door, upload](http::Respond respond) {
                          Result<MediaView> made = unprocessable("");
                          {
                            const Blocking waiting;
                            if (auto item = upload->finish())
                              made = view_of(door, respond.asked()->caller, catalogue::LibraryItem{std::move(*item)});
                            else
                              made = item.error();
                          }
                          respond(http::detail::reply_to(*respond.asked(), made));
                        }};
  });
  endpoint.form = &shape_of<UploadQuery>();
  endpoint.view = &shape_of<MediaView>();
  return endpoint;
}

http::Routes file_routes(Learning& door) {
  return {
      http::for_keys("courses:write", {Method::post,
                                       "/api/media",
                                       "uploadMedia",
                                       Access::member,
                                       Bucket::api,
                                       "Stores a file. The body is the file itself. What it is, its content says; "
                                       "metadata of pictures is left out.",
                                       upload_endpoint(door),
                                       {403, 415, 422, 507},
                                       {},
                                       catalogue::upload_body_max,
                                       201}),
      http::for_keys("courses:write",
                     {Method::get, "/api/media", "listMedia", Access::instructor, Bucket::api,
                      "The files of lessons, newest first.",
                      http::json([&door](const Request& request, const LibraryQuery& query) -> Result<Page<MediaView>> {
                        const auto page = TRY(catalogue::list_media(door.catalogue, request.caller,
                                                                    {.id = query.id,
                                                                     .kind = query.kind,
                                                                     .search = query.q,
                                                                     .mine = query.mine.value_or(false),
                                                                     .limit = query.limit.value_or(20),
                                                                     .cursor = query.cursor}));
                        Page<MediaView> views{{}, page.limit, page.next, page.total};
                        for (const auto& item : page.rows) views.rows.push_back(view_of(door, request.caller, item));
                        return views;
                      })}),
      http::for_keys(
          "courses:read",
          {Method::get,
           "/api/media/{id}",
           "getMedia",
           Access::anyone,
           Bucket::none,
           "A file's content, in parts where a Range asks for them, for who may see it or holds a signed link.",
           http::raw([&door](const Request& request) { return media_answer(door, request); }),
           {206, 304, 402, 403, 404, 416}}),
      http::for_keys("courses:write", {Method::del,
                                       "/api/media/{id}",
                                       "deleteMedia",
                                       Access::member,
                                       Bucket::api,
                                       "Deletes a file that nothing shows any more: its owner, or an administrator.",
                                       http::json([&door](const Request& request) -> Result<http::NoData> {
                                         TRY(catalogue::delete_media(door.catalogue, request.caller,
                                                                     media_in_path(request)));
                                         return http::NoData{};
                                       }),
                                       {403, 404, 409}}),
      {Method::get,
       "/embed/{lessonId}",
       "getEmbed",
       Access::anyone,
       Bucket::none,
       "The page around a lesson's film on another site, for frames of the web app.",
       http::raw([&door](const Request& request) { return embed_answer(door, request); }),
       {402, 403, 404}},
  };
}

http::Routes library_routes(Learning& door) {
  return {
      http::for_keys("courses:write", {Method::get, "/api/media/room", "getMediaRoom", Access::instructor, Bucket::api,
                                       "What the caller's files take, and may take.",
                                       http::json([&door](const Request& request) -> Result<MediaRoomView> {
                                         const auto room = TRY(catalogue::media_room(door.catalogue, request.caller));
                                         return MediaRoomView{room.bytes, room.quota, room.file_max};
                                       })}),
      http::for_keys("courses:write",
                     {Method::get,
                      "/api/media/{id}/places",
                      "listMediaPlaces",
                      Access::instructor,
                      Bucket::api,
                      "Where a lesson's file is shown.",
                      http::json([&door](const Request& request) -> Result<MediaPlacesView> {
                        auto found =
                            TRY(catalogue::media_places(door.catalogue, request.caller, media_in_path(request)));
                        MediaPlacesView view;
                        view.elsewhere = found.elsewhere;
                        for (auto& each : found.places)
                          view.places.push_back({each.kind, std::move(each.course), std::move(each.course_title),
                                                 std::move(each.id), std::move(each.title), each.editable});
                        return view;
                      }),
                      {404}}),
      http::for_keys("courses:write",
                     {Method::put,
                      "/api/media/{id}",
                      "renameMedia",
                      Access::instructor,
                      Bucket::api,
                      "Gives a file another name: its owner, or an administrator.",
                      http::json([&door](const Request& request, const MediaNameForm& form) -> Result<MediaView> {
                        const auto item = TRY(
                            catalogue::rename_media(door.catalogue, request.caller, media_in_path(request), form.name));
                        return view_of(door, request.caller, item);
                      }),
                      {403, 404}}),
  };
}

}  // namespace

http::Routes media_routes(Learning& door) {
  auto all = library_routes(door);
  for (auto& route : file_routes(door)) all.push_back(std::move(route));
  return all;
}

}  // namespace tuition::learning
