using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Vsmtp.Dashboard.Listening;

/// <summary>What a listener of HTTP shows. Each has endpoints of its own, so that a screen's port never reaches the operator's commands.</summary>
public enum HttpFace
{
    /// <summary>The commands of the same machine, for whoever may open the socket.</summary>
    LocalApi,

    /// <summary>Screens.</summary>
    Dashboard,
}

/// <summary>Listeners of HTTP and what they show.</summary>
public static class HttpFaces
{
    /// <summary>Marks each connection of the listener.</summary>
    public static void Show(this ListenOptions listener, HttpFace face) => listener.Use(next => connection =>
    {
        connection.Features.Set(new Shown(face));
        return next(connection);
    });

    /// <summary>Endpoints for connections of such listeners alone.</summary>
    public static void UseFace(this IApplicationBuilder server, HttpFace face, Action<IEndpointRouteBuilder> map) =>
        server.MapWhen(request => request.Features.Get<Shown>()?.Face == face, branch =>
        {
            if (face is HttpFace.Dashboard) branch.Use(RefuseForeignNames);
            branch.UseRouting();
            branch.UseEndpoints(map);
        });

    /// <summary>
    /// A page of a stranger, open in a browser of this machine, must not read a dashboard on loopback under a name that the stranger
    /// has made point there.
    /// </summary>
    private static Task RefuseForeignNames(HttpContext request, RequestDelegate next)
    {
        if (request.Request.Host.Host is "localhost" || System.Net.IPAddress.TryParse(request.Request.Host.Host.Trim('[', ']'), out _)) return next(request);
        request.Response.StatusCode = StatusCodes.Status421MisdirectedRequest;
        return Task.CompletedTask;
    }

    private sealed record Shown(HttpFace Face);
}
