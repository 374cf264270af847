using Microsoft.Extensions.DependencyInjection;
using Vsmtp.Configuration.Options;
using Vsmtp.Embedded.Hosting;
using Vsmtp.Grains.Mail;

namespace Vsmtp.Silo.Hosting;

/// <summary>The grains in this process. With <c>GrainHost=Orleans</c> this file is not compiled and its Orleans twin is.</summary>
public static class GrainHosting
{
    /// <summary>
    /// Takes the store for this process alone, before anything of it is read. The kernel or the database lets go of it when the
    /// process ends in whatever way.
    /// </summary>
    /// <inheritdoc cref="StoreClaim.Take" path="/exception"/>
    public static StoreClaim ClaimStore(StorageUrl url) => StoreClaim.Take(url);

    internal static IServiceCollection AddGrainHost(this IServiceCollection services) =>
        services.AddEmbeddedGrains(options => options.AddGrains(typeof(MailGrain).Assembly));
}
