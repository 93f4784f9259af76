<?php
/**
 * The settings of every wiki of the sandbox; what differs is read from the wiki's own directory,
 * which the environment names: wiki.json (written once) and overrides.json (written by tests).
 */
if ( !defined( 'MEDIAWIKI' ) ) {
	exit;
}
$sandboxWiki = getenv( 'HUBBOT_WIKI' );
$sandboxFacts = json_decode( file_get_contents( "$sandboxWiki/wiki.json" ), true );

$wgSitename = $sandboxFacts['sitename'];
$wgMetaNamespace = 'Project';
$wgLanguageCode = $sandboxFacts['language'];
$wgLocaltimezone = 'UTC';
$wgServer = "http://127.0.0.1:{$sandboxFacts['port']}";
$wgScriptPath = '/w';
$wgArticlePath = '/wiki/$1';
$wgResourceBasePath = $wgScriptPath;
$wgTmpDirectory = $sandboxWiki;
$wgLogos = [ '1x' => "$wgResourceBasePath/resources/assets/mediawiki.png" ];
$wgSecretKey = $sandboxFacts['secret'];
$wgUpgradeKey = substr( $sandboxFacts['secret'], 0, 16 );
// Cookies do not tell ports apart, and all three wikis are 127.0.0.1 to a browser and to pywikibot.
$wgCookiePrefix = "hubbot_{$sandboxFacts['name']}_{$sandboxFacts['port']}";

// SQLite: files in WAL mode (set when they are made); a power cut may lose a sandbox, so no fsync.
$wgDBtype = 'sqlite';
$wgDBname = $sandboxFacts['name'];
$wgSQLiteDataDir = "$sandboxWiki/database";
$wgDBservers = [ [
	'type' => 'sqlite',
	'dbname' => $wgDBname,
	'load' => 1,
	'flags' => DBO_DEFAULT,
	'variables' => [ 'synchronous' => 'OFF' ],
	// Writers queue up from the start of their transaction: SQLite lets none become one halfway.
	'trxMode' => defined( 'HUBBOT_ONLY_READS' ) && HUBBOT_ONLY_READS ? 'DEFERRED' : 'IMMEDIATE',
] ];
// A file of its own for caches and sessions, so that writing them never waits for an edit.
$wgObjectCaches[CACHE_DB] = [
	'class' => 'SqlBagOStuff',
	'loggroup' => 'SQLBagOStuff',
	'server' => [
		'type' => 'sqlite',
		'dbname' => 'cache',
		'tablePrefix' => '',
		'variables' => [ 'synchronous' => 'OFF' ],
		'dbDirectory' => $wgSQLiteDataDir,
		'trxMode' => 'IMMEDIATE',
		'flags' => 0,
	],
];
// Measured: asking a cache in SQLite costs more than doing the work again, by a fifth of an edit.
$wgMainCacheType = CACHE_NONE;
$wgResourceLoaderUseObjectCacheForDeps = true;
// PHP arrays stay in the opcode cache; the directory is shared by all sandboxes of this checkout.
$wgLocalisationCacheConf['store'] = 'array';
$wgLocalisationCacheConf['storeDirectory'] = getenv( 'HUBBOT_MESSAGES' );

// What an edit brings about (links, categories) is done when its answer arrives.
$wgForceDeferredUpdatesPreSend = true;
// The router runs them, see there.
$wgJobRunRate = 0;
$wgJobBackoffThrottling = [];

$wgRateLimits = [];
// As on Wikimedia's wikis.
$wgGroupPermissions['bot']['noratelimit'] = true;
$wgEnableBotPasswords = true;
$wgShowExceptionDetails = true;
$wgEnableEmail = false;
$wgNoReplyAddress = 'noreply@sandbox.invalid';
$wgPasswordSender = 'noreply@sandbox.invalid';
$wgPingback = false;
$wgNamespacesWithSubpages[NS_MAIN] = true;
$wgNamespacesWithSubpages[NS_PROJECT] = true;
$wgDiff3 = '/usr/bin/diff3';

$wgEnableUploads = $sandboxFacts['uploads'];
$wgUploadDirectory = "$sandboxWiki/public/images";
$wgUploadPath = '/images';
$wgFileExtensions = [ 'png', 'gif', 'jpg', 'jpeg', 'webp', 'svg', 'tif', 'tiff', 'pdf' ];
$wgUseImageMagick = false;

$wgDefaultSkin = 'vector';
wfLoadSkin( 'Vector' );
foreach ( $sandboxFacts['extensions'] as $sandboxExtension ) {
	wfLoadExtension( $sandboxExtension );
}
$wgScribuntoDefaultEngine = 'luastandalone';
$wgScribuntoEngineConf['luastandalone']['luaPath'] = '/usr/bin/lua5.1';

// Names are variables without their dollar sign; maps are merged into what is there.
foreach ( json_decode( file_get_contents( "$sandboxWiki/overrides.json" ), true ) as $sandboxName => $sandboxValue ) {
	$GLOBALS[$sandboxName] = is_array( $sandboxValue ) && is_array( $GLOBALS[$sandboxName] ?? null )
		? array_replace_recursive( $GLOBALS[$sandboxName], $sandboxValue )
		: $sandboxValue;
}
